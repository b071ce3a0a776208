// How much a file may ask of this machine before it is refused. A file is somebody else's claim: its own sizes
// count for nothing here, and every reader stops at these figures whatever the file says about itself.

const kibi = 1024;
const mebi = kibi * kibi;

/** Columns of a file; also the widest row that is read. */
export const mostColumns = 5_000;

/** One row of text; a longer one is taken for a file without line ends or a quote that never closes. */
export const largestRowBytes = mebi;

/**
 * Unpacked bytes for each packed one, once more than `freeInflationBytes` are unpacked. Tables pack about 10 to 1
 * and monotonous ones 60 to 1; a file made to fill memory packs 1,000 to 1.
 */
export const largestInflation = 200;
export const freeInflationBytes = 16 * mebi;

/** The directory of a ZIP archive, read at once. */
export const largestDirectoryBytes = 4 * mebi;
export const mostEntries = 10_000;

/** A workbook as a file, and what its parts may unpack to: the strings and styles are held in memory, rows are not. */
export const largestWorkbookBytes = 64 * mebi;
export const largestSheetBytes = 2_048 * mebi;
export const largestStringsBytes = 64 * mebi;
export const largestPartBytes = 8 * mebi;

/** Rows of a Parquet file for each of its bytes, beyond a million: every line has a reference of its own. */
export const mostRowsPerByte = 50;
export const freeRows = 1_000_000;

/** The footer of a Parquet file, one of its pages unpacked, and the packed pages of one column in one row group. */
export const largestFooterBytes = 16 * mebi;
export const largestPageBytes = 128 * mebi;
export const mostPageValues = 4_000_000;
export const largestChunkBytes = 512 * mebi;

/** Heap of the thread that reads workbooks and Parquet, in MiB. */
export const threadHeapMebibytes = 384;
