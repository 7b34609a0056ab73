// Google's own client for Node keeps a guest list: node googleapis.mjs ROOT SPREADSHEET. Tells what it saw as JSON.
import { google } from 'googleapis';

const [root, spreadsheetId] = process.argv.slice(2);
const sheets = google.sheets('v4');
const drive = google.drive('v3');
// By the call: of a root that a client is made with, this library keeps the host alone.
const there = { rootUrl: `${root}/` };
const told = {};

async function batch(...requests) {
  const answer = await sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }, there);
  return answer.data.replies;
}

// A tab of its own, a head, three guests.
const [added] = await batch({ addSheet: { properties: { title: 'Guests', gridProperties: { rowCount: 50, columnCount: 6 } } } });
const { sheetId } = added.addSheet.properties;
const updated = await sheets.spreadsheets.values.update({
  spreadsheetId,
  range: 'Guests!A1',
  valueInputOption: 'USER_ENTERED',
  requestBody: { values: [['Guest', 'Seats', 'Twice'], ['Ann', 2, '=B2*2'], ['Bob', 1, '=B3*2'], ['Eve', 4, '=B4*2']] },
}, there);
told.updated = updated.data.updatedCells;
const appended = await sheets.spreadsheets.values.append({
  spreadsheetId,
  range: 'Guests!A1',
  valueInputOption: 'RAW',
  insertDataOption: 'INSERT_ROWS',
  requestBody: { values: [['Zoe', 3]] },
}, there);
told.appended = appended.data.updates.updatedRange;

// The look, a filter, a protection; one guest declines.
const table = { sheetId, startRowIndex: 0, endRowIndex: 5, startColumnIndex: 0, endColumnIndex: 3 };
const replies = await batch(
  {
    repeatCell: {
      range: { ...table, endRowIndex: 1 },
      cell: { userEnteredFormat: { textFormat: { bold: true }, horizontalAlignment: 'CENTER' } },
      fields: 'userEnteredFormat(textFormat.bold,horizontalAlignment)',
    },
  },
  { updateSheetProperties: { properties: { sheetId, gridProperties: { frozenRowCount: 1 } }, fields: 'gridProperties.frozenRowCount' } },
  { setBasicFilter: { filter: { range: table } } },
  { addProtectedRange: { protectedRange: { range: { ...table, endRowIndex: 1 }, description: 'the head', warningOnly: true } } },
  { deleteDimension: { range: { sheetId, dimension: 'ROWS', startIndex: 2, endIndex: 3 } } },
);
told.protection = replies[3].addProtectedRange.protectedRange.description;

const read = await sheets.spreadsheets.values.batchGet({
  spreadsheetId,
  ranges: ['Guests!A2:C', 'Guests!C3'],
  valueRenderOption: 'UNFORMATTED_VALUE',
}, there);
told.read = read.data.valueRanges.map((one) => one.values);
const shown = await sheets.spreadsheets.get({ spreadsheetId, ranges: ['Guests!A1'], includeGridData: true }, there);
const [tab] = shown.data.sheets;
told.bold = tab.data[0].rowData[0].values[0].effectiveFormat.textFormat.bold;
told.frozen = tab.properties.gridProperties.frozenRowCount;
told.filtered = tab.basicFilter.range.endRowIndex;

// What is wrong is an error with Google's code and words.
try {
  await batch({ addSheet: { properties: { title: 'Guests' } } });
} catch (error) {
  told.refused = [Number(error.status ?? error.code), error.response.data.error.status];
}

// A spreadsheet of its own comes and goes.
const made = await sheets.spreadsheets.create({ requestBody: { properties: { title: 'From Node' } } }, there);
const listed = await drive.files.list({ q: "name = 'From Node'", fields: 'files(id,name)' }, there);
told.listed = listed.data.files.map((file) => [file.id === made.data.spreadsheetId, file.name]);
const gone = await drive.files.delete({ fileId: made.data.spreadsheetId }, there);
told.deleted = gone.status;

process.stdout.write(JSON.stringify(told));
