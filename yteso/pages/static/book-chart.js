// Draws one test over time from the JSON in the page; the table below it says the same.
const place = document.getElementById("chart");
const data = JSON.parse(document.getElementById("chart-data").textContent);
const ink = "#1d2b33", teal = "#0b5a63", red = "#b3261e", grey = "#4a5c64", line = "#d5dee0", band = "#dcefe4";
const font = "13px 'Be Vietnam Pro', sans-serif";
const known = (value) => value !== null;

const day = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const shown = (value) => String(Number(value.toPrecision(6))).replace(".", data.decimal);

// The reference range, behind everything; open-ended ranges reach the edge.
function drawBand(plot) {
  if (!known(data.low) && !known(data.high)) return;
  const { left, top, width, height } = plot.bbox;
  const at = (value) => Math.min(Math.max(plot.valToPos(value, "y", true), top), top + height);
  const upper = known(data.high) ? at(data.high) : top;
  const lower = known(data.low) ? at(data.low) : top + height;
  plot.ctx.fillStyle = band;
  plot.ctx.fillRect(left, upper, width, lower - upper);
}

// Results out of range are diamonds, the others dots: the shape says it, the colour helps. The value stands
// above each where there is room, from the latest back.
function drawPoints(plot) {
  const { ctx } = plot, scale = devicePixelRatio, few = data.values.length <= 12;
  const labels = [];
  data.values.map((_, at) => data.values.length - 1 - at).forEach((index) => {
    const value = data.values[index];
    const x = plot.valToPos(data.times[index], "x", true), y = plot.valToPos(value, "y", true);
    const out = data.flags[index] === "H" || data.flags[index] === "L", size = (out ? 7 : 4.5) * scale;
    ctx.beginPath();
    if (out) { ctx.moveTo(x, y - size); ctx.lineTo(x + size, y); ctx.lineTo(x, y + size); ctx.lineTo(x - size, y); ctx.closePath(); }
    else ctx.arc(x, y, size, 0, 2 * Math.PI);
    ctx.fillStyle = out ? red : teal;
    ctx.fill();
    if (!few && index !== data.values.length - 1) return;
    ctx.font = `600 ${13 * scale}px 'Be Vietnam Pro', sans-serif`;
    const half = ctx.measureText(shown(value)).width / 2;
    if (labels.some((one) => Math.abs(x - one.x) < half + one.half && Math.abs(y - one.y) < 16 * scale)) return;
    labels.push({ x, y, half });
    ctx.fillStyle = ink;
    ctx.textAlign = "center";
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = 3 * scale;
    ctx.lineJoin = "round";
    ctx.strokeText(shown(value), x, y - 12 * scale);
    ctx.fillText(shown(value), x, y - 12 * scale);
  });
}

// Room for the range and for the words above the highest point.
function bounds(plot, low, high) {
  const all = [...data.values, data.low, data.high].filter(known);
  const least = Math.min(...all), most = Math.max(...all), room = (most - least || Math.abs(most) || 1) * 0.2;
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
}

function spread(plot, first, last) {
  const room = (last - first || 86400) * 0.06;
  return [first - room, last + room];
}

place.hidden = false;
for (const key of document.querySelectorAll(".book-chart__key")) key.hidden = false;
const width = () => place.clientWidth, height = () => Math.round(Math.min(360, Math.max(240, width() * 0.5)));
const axis = { font, stroke: grey, grid: { stroke: line, width: 1 }, ticks: { show: false } };
const plot = new uPlot({
  width: width(),
  height: height(),
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { range: spread }, y: { range: bounds } },
  axes: [
    { ...axis, space: 90, grid: { show: false }, values: (_, moments) => moments.map((one) => day.format(one * 1000)) },
    { ...axis, size: 52, values: (_, numbers) => numbers.map(shown) },
  ],
  series: [{}, { stroke: teal, width: 2, points: { show: false } }],
  hooks: { drawAxes: [drawBand], draw: [drawPoints] },
}, [data.times, data.values], place);
new ResizeObserver(() => plot.setSize({ width: width(), height: height() })).observe(place);
document.fonts.ready.then(() => plot.redraw());
