const [width, height] = [760, 440]
const plot = { left: 70, right: 690, top: 60, bottom: 380 }
const font = 'font-family="system-ui, sans-serif" font-size="13"'

/** Colours that are legible on white and, by the media query, on black. */
const style = `
  .back { fill: #ffffff } .text { fill: #1f2328 } .grid { stroke: #d0d7de } .rate { stroke: #0550ae; fill: #0550ae }
  .p50 { stroke: #116329; fill: #116329 } .p99 { stroke: #a40e26; fill: #a40e26 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } .text { fill: #e6edf3 } .grid { stroke: #3d444d } .rate { stroke: #79c0ff; fill: #79c0ff }
    .p50 { stroke: #7ee787; fill: #7ee787 } .p99 { stroke: #ff7b72; fill: #ff7b72 }
  }`

/** The next of 1, 2, 5, 10, 20 … at or above a value. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].find((step) => step * power >= value) * power
}

const text = (x, y, anchor, words, kind = 'text') =>
  `<text class="${kind}" style="stroke:none" ${font} x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`

function curve(kind, points, dashes) {
  const line = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')
  const dots = points.map(([x, y]) => `<circle class="${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3"/>`)
  return `<path class="${kind}" style="fill:none" stroke-width="2" stroke-dasharray="${dashes}" d="${line}"/>\n${dots.join('\n')}`
}

const shareText = (share) => `${Math.round(share * 100)} %`

/**
 * Load against throughput (left axis) and latency (right axis, logarithmic), one column a step, since the steps reach from a
 * tenth to ten times of what was reached.
 */
export function kneeSvg({ steps, reachedPerSecond }) {
  const rateMax = roundUp(Math.max(...steps.map(({ provenPerSecond }) => provenPerSecond), reachedPerSecond))
  const latencies = steps.flatMap(({ provenMs }) => (provenMs === undefined ? [] : [provenMs.p50, provenMs.p99]))
  const [low, high] = [Math.floor(Math.log10(Math.min(...latencies))), Math.ceil(Math.log10(Math.max(...latencies)))]
  const x = (i) => plot.left + ((i + 0.5) * (plot.right - plot.left)) / steps.length
  const up = (part) => plot.bottom - part * (plot.bottom - plot.top)
  const rateY = (rate) => up(rate / rateMax)
  const latencyY = (ms) => up((Math.log10(ms) - low) / Math.max(1, high - low))
  const points = (of) => steps.flatMap((step, i) => (of(step) === undefined ? [] : [[x(i), of(step)]]))

  const parts = []
  for (let i = 0; i <= 4; i++) {
    const y = up(i / 4)
    parts.push(`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}"/>`)
    parts.push(text(plot.left - 8, y + 4, 'end', Math.round((rateMax * i) / 4).toLocaleString('en-GB')))
  }
  for (let power = low; power <= high; power++) {
    parts.push(text(plot.right + 8, latencyY(10 ** power) + 4, 'start', (10 ** power).toLocaleString('en-GB')))
  }
  for (const [i, { share }] of steps.entries()) parts.push(text(x(i), plot.bottom + 20, 'middle', shareText(share)))
  parts.push(text((plot.left + plot.right) / 2, height - 14, 'middle', 'offered load, of the throughput reached'))
  parts.push(text(plot.left, 24, 'start', '● proven transfers per second (left)', 'rate'))
  parts.push(text(330, 24, 'start', '● p50', 'p50'))
  parts.push(text(390, 24, 'start', '● p99 of submit to proven, ms (right, logarithmic)', 'p99'))
  parts.push(
    curve(
      'rate',
      points(({ provenPerSecond }) => rateY(provenPerSecond)),
      'none',
    ),
  )
  parts.push(
    curve(
      'p50',
      points(({ provenMs }) => provenMs && latencyY(provenMs.p50)),
      '6 3',
    ),
  )
  parts.push(
    curve(
      'p99',
      points(({ provenMs }) => provenMs && latencyY(provenMs.p99)),
      '2 3',
    ),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>Load against throughput and latency</title>
<style>${style}
</style>
<rect class="back" width="${width}" height="${height}"/>
${parts.join('\n')}
</svg>
`
}
