/** Rows of [what, figure, remark] as text with aligned columns. */
export function tableText(rows) {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map(([what, figure, remark = '']) =>
      `${what.padEnd(widths[0])}  ${figure.padStart(widths[1])}  ${remark}`.trimEnd(),
    )
    .join('\n')
}

export const count = (value) => Math.round(value).toLocaleString('en-GB')
export const percent = (ratio) => `${(100 * ratio).toFixed(0)} %`
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`
export const milliseconds = (ms) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
export const microseconds = (us) => `${us.toFixed(us < 10 ? 1 : 0)} µs`
