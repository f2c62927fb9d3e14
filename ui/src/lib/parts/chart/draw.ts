/**
 * What uPlot is told to draw. Belongs here: from series and colours to its options and data, and the strokes it does not
 * know (what is unfinished, what may come, names at the ends of lines). Does not belong here: when, and what is under the pointer.
 */
import { locale } from '$lib/text/locale';
import uPlot, { type AlignedData, type Options } from 'uplot';
import { faded, hatch, type Colours } from './colours';
import { alone, grid, labelled, lastBefore, reach, timeline, type ForecastPoint, type Series, type Timeline } from './series';

export interface Drawing {
  days: readonly string[];
  series: readonly Series[];
  kind: 'bars' | 'line';
  unfinished: number | undefined;
  forecast: readonly ForecastPoint[];
}

/** Whether there is room for names where lines end. What may come stands there otherwise. */
const namesLines = (width: number): boolean => width >= 480;
export const isNamed = ({ kind, series, forecast }: Pick<Drawing, 'kind' | 'series' | 'forecast'>, width: number): boolean =>
  kind === 'line' && series.length > 1 && forecast.length === 0 && namesLines(width);

type Strokes = (plot: uPlot) => void;

/** Draws inside the plot and leaves the pen as it was. */
function inside(plot: uPlot, strokes: () => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - uPlot.pxRatio * 4, bbox.width, bbox.height + uPlot.pxRatio * 8);
  ctx.clip();
  strokes();
  ctx.restore();
}

const place = (plot: uPlot, at: number, value: number): [number, number] => [plot.valToPos(at, 'x', true), plot.valToPos(value, 'y', true)];

/** The last stretch of a line whose day is not over, dashed, with an open point at its end. */
function unfinishedStretch(at: readonly number[], values: readonly (number | null)[], index: number, colours: Colours): Strokes {
  return (plot) => inside(plot, () => {
    const value = values[index];
    if (value === null || value === undefined) return;
    const { ctx } = plot;
    const [x, y] = place(plot, at[index] ?? 0, value);
    ctx.strokeStyle = colours.main;
    ctx.fillStyle = colours.ground;
    ctx.lineWidth = 2 * uPlot.pxRatio;
    const before = index - 1;
    const from = values[before];
    if (before >= 0 && from !== null && from !== undefined) {
      ctx.setLineDash([4, 3].map((n) => n * uPlot.pxRatio));
      ctx.beginPath();
      ctx.moveTo(...place(plot, at[before] ?? 0, from));
      ctx.lineTo(x, y);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.beginPath();
    ctx.arc(x, y, 3 * uPlot.pxRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  });
}

function forecastStrokes(at: readonly number[], days: number, start: { index: number; value: number } | null, forecast: readonly ForecastPoint[], colours: Colours): Strokes {
  return (plot) => inside(plot, () => {
    const { ctx } = plot;
    const points = forecast.map((point, i) => ({ ...point, x: at[days + i] ?? 0 }));
    const from = start ? [{ value: start.value, low: start.value, high: start.value, x: at[start.index] ?? 0 }] : [];
    const all = [...from, ...points];
    ctx.fillStyle = faded(colours.main, 0.12);
    ctx.beginPath();
    all.forEach((point) => ctx.lineTo(...place(plot, point.x, point.high)));
    all.toReversed().forEach((point) => ctx.lineTo(...place(plot, point.x, point.low)));
    ctx.closePath();
    ctx.fill();
    ctx.strokeStyle = colours.main;
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.setLineDash([5, 4].map((n) => n * uPlot.pxRatio));
    ctx.beginPath();
    all.forEach((point) => ctx.lineTo(...place(plot, point.x, point.value)));
    ctx.stroke();
  });
}

/** How far right of the last day the names need, in pixels of the page. */
function roomForNames(plot: uPlot, series: readonly Series[], colours: Colours): number {
  plot.ctx.font = `600 ${colours.size}px ${colours.font}`;
  return Math.min(plot.width / 4, Math.max(...series.map((one) => plot.ctx.measureText(one.label).width)) + 12);
}

/** Names right of where lines end, pushed apart, with the ground around each letter so that grid lines do not cross them. */
function names(at: readonly number[], series: readonly Series[], colours: Colours): Strokes {
  return (plot) => {
    if (!namesLines(plot.width)) return;
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const height = colours.size * 1.25 * ratio;
    const x = place(plot, at.at(-1) ?? 0, 0)[0] + 8 * ratio;
    const ends = series.flatMap((one) => {
      const index = lastBefore(one.values, one.values.length);
      return index < 0 ? [] : [{ label: one.label, tone: one.tone, y: place(plot, 0, one.values[index] ?? 0)[1] }];
    }).sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => (end.y = Math.max(end.y, bbox.top + height / 2, i > 0 ? (ends[i - 1]?.y ?? 0) + height : 0)));
    ctx.save();
    ctx.font = `600 ${colours.size * ratio}px ${colours.font}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.lineJoin = 'round';
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = colours.ground;
    for (const end of ends) {
      ctx.fillStyle = end.tone === 'muted' ? colours.muted : colours.main;
      ctx.strokeText(end.label, x, end.y, bbox.left + bbox.width - x);
      ctx.fillText(end.label, x, end.y, bbox.left + bbox.width - x);
    }
    ctx.restore();
  };
}

function drawn(one: Series, { kind, unfinished }: Drawing, dense: boolean, colours: Colours): uPlot.Series {
  const points = { show: true, size: 4, width: 0, filter: () => alone(one.values) };
  if (one.tone === 'muted') return { stroke: colours.muted, width: dense ? 1 : 1.5, ...(dense ? {} : { dash: [2, 3] }), points: { ...points, fill: colours.muted } };
  if (one.tone === 'band') return { stroke: faded(colours.main, 0.5), width: 1, fill: faded(colours.main, 0.14), points: { ...points, fill: colours.main } };
  if (kind === 'line') return { stroke: colours.main, width: 2, points: { ...points, fill: colours.main } };
  // Asked for at each drawing, since the window may have moved to a denser screen. The type knows colours alone; the canvas takes a pattern as well.
  const values = () => one.values.map((_, i) => (i === unfinished ? hatch(colours.main, uPlot.pxRatio) : colours.main)) as string[];
  return { fill: colours.main, width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.66, 36, 1], radius: dense ? 0 : 0.14, disp: { fill: { unit: 3, values } } }) };
}

function timeAxis({ at, daily, step }: Timeline, last: number, colours: Colours): uPlot.Axis {
  const zone = daily ? { timeZone: 'UTC' } : {};
  const clock = !daily && step * at.length < 3 * 86_400;
  const years = at.length > 1 && (at.at(-1) ?? 0) - (at[0] ?? 0) > 360 * 86_400;
  const words = new Intl.DateTimeFormat(locale, clock ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone } : { month: 'short', ...(years ? { year: 'numeric' } : { day: 'numeric' }), ...zone });
  return {
    stroke: colours.muted, font: `${colours.size}px ${colours.font}`, size: colours.size * 2.2, gap: 6,
    grid: { show: false }, ticks: { show: false }, border: { show: false },
    splits: (plot) => labelled(at.length, plot.width / (colours.size * 7), last).map((index) => at[index] ?? 0),
    values: (_plot, splits) => splits.map((second) => words.format(second * 1000)),
  };
}

/** From the first to the last day: half a day more at both ends for bars, and room for names beside lines. */
function reachOfTime(plot: uPlot, { at, step }: Timeline, drawing: Drawing, colours: Colours): [number, number] {
  const half = drawing.kind === 'bars' || at.length === 1 ? step / 2 : 0;
  const from = (at[0] ?? 0) - half;
  const to = (at.at(-1) ?? 0) + half;
  const share = isNamed(drawing, plot.width) ? roomForNames(plot, drawing.series, colours) / (plot.width - colours.size * 5) : 0;
  return [from, from + (to - from) / (1 - share)];
}

/** Everything uPlot needs. `height` is that of the plot with its axes. */
export function plotOf(drawing: Drawing, colours: Colours, width: number, height: number): { options: Options; data: AlignedData } {
  const { days, series, kind, unfinished, forecast } = drawing;
  const time = timeline(days, forecast);
  const { at } = time;
  // Dots and round corners that nobody can see take their time all the same.
  const dense = at.length > width / 2;
  const scale = grid(reach(series, forecast), Math.max(2, Math.round(height / 64)));
  const main = series.find((one) => one.tone === 'main') ?? series[0];
  const format = main?.format ?? String;
  const cut = kind === 'line' && unfinished !== undefined;
  const data = [at, ...series.map((one) => at.map((_, i) => (cut && one.tone === 'main' && i === unfinished ? null : one.values[i] ?? null)))] as AlignedData;
  const last = main ? lastBefore(main.values, unfinished ?? main.values.length) : -1;
  const over: Strokes[] = [
    ...(forecast.length > 0 && main ? [forecastStrokes(at, days.length, last < 0 ? null : { index: last, value: main.values[last] ?? 0 }, forecast, colours)] : []),
    ...(cut ? series.filter((one) => one.tone === 'main').map((one) => unfinishedStretch(at, one.values, unfinished, colours)) : []),
    ...(kind === 'line' && series.length > 1 && forecast.length === 0 ? [names(at, series, colours)] : []),
  ];
  const options: Options = {
    width, height, legend: { show: false }, padding: [8, 4, 0, 2],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === 'line', size: 8, width: 2, fill: colours.ground } },
    scales: {
      x: { time: false, range: (plot) => reachOfTime(plot, time, drawing, colours) },
      y: { range: () => [scale.min, scale.max] },
    },
    axes: [
      timeAxis(time, days.length - 1, colours),
      {
        side: 1, stroke: colours.muted, font: `${colours.size}px ${colours.font}`, gap: 8,
        grid: { stroke: colours.line, width: 1 }, ticks: { show: false }, border: { show: false },
        splits: () => scale.lines, values: (_plot, splits) => splits.map(format),
        size: (plot, values) => {
          plot.ctx.font = `${colours.size}px ${colours.font}`;
          return Math.ceil(Math.max(20, ...(values ?? []).map((text) => plot.ctx.measureText(text).width))) + 12;
        },
      },
    ],
    // What is compared with lies over bars, and under the line it is compared with.
    series: [{}, ...series.map((one) => drawn(one, drawing, dense, colours))],
    hooks: { draw: over },
  };
  return { options, data };
}
