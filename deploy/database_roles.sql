-- The server's own role at PostgreSQL: it works with every table, and can neither change nor take away what the audit
-- log says, nor the tables themselves. Run once, by the role that owns the tables, after `baocao init`, and again after
-- the role was made anew:
--
--   psql --set=ON_ERROR_STOP=1 --dbname=baocao --username=baocao --file=deploy/database_roles.sql
--   \password baocao_server          (in psql; or let pg_hba.conf ask for a certificate)
--
-- Then let BAOCAO_DATABASE_URL of `serve` and `worker` name baocao_server, and that of `init` the owner.

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'baocao_server') THEN
        CREATE ROLE baocao_server LOGIN;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO baocao_server;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO baocao_server;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO baocao_server;
-- What later releases add.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO baocao_server;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO baocao_server;

REVOKE UPDATE, DELETE ON audit, audit_detail, checkpoint FROM baocao_server;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM baocao_server;
