// Opens a template, types into it and saves it with ExcelJS 4.4.0 and SheetJS 0.18.5: the files of tests/ingest/data.
//   npm install exceljs xlsx
//   node round_trips.mjs template.xlsx SHEET '{"G14": 9, "I14": "Hạn hán"}' FOLDER
import ExcelJS from 'exceljs';
import XLSX from 'xlsx';

const [template, sheet, typed, folder] = process.argv.slice(2);
const cells = Object.entries(JSON.parse(typed));

const book = new ExcelJS.Workbook();
await book.xlsx.readFile(template);
for (const [address, value] of cells) book.getWorksheet(sheet).getCell(address).value = value;
await book.xlsx.writeFile(`${folder}/exceljs.xlsx`);

const other = XLSX.readFile(template, { cellStyles: true, cellFormula: true });
for (const [address, value] of cells) {
  other.Sheets[sheet][address] = { t: typeof value === 'number' ? 'n' : 's', v: value };
}
XLSX.writeFile(other, `${folder}/sheetjs.xlsx`);
