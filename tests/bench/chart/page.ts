/** The usage chart and the library that draws it, in one page, with the same points: how long each takes until it is drawn. */
import TimeSeries from '$lib/parts/TimeSeries.svelte';
import { flushSync, mount, unmount } from 'svelte';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import '$lib/base.css';

const [WIDTH, HEIGHT, DAY] = [1000, 220, 86_400_000];
type Kind = 'bars' | 'line';

const points = (count: number) => {
  const first = Date.parse('1999-01-01T00:00:00Z');
  return {
    days: Array.from({ length: count }, (_, at) => new Date(first + at * DAY).toISOString().slice(0, 10)),
    values: Array.from({ length: count }, (_, at) => 20 + 15 * Math.sin(at / 90) + ((at * 7919) % 97) / 10),
  };
};
const place = document.getElementById('place') as HTMLDivElement;
place.style.width = `${WIDTH}px`;

/** From the beginning of a frame until it is over, script and layout together. */
function frame(act: () => void): Promise<number> {
  return new Promise((done) => {
    requestAnimationFrame(() => {
      const begun = performance.now();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { port1.close(); done(performance.now() - begun); };
      act();
      port2.postMessage(0);
    });
  });
}

const isDrawn = () => {
  const canvas = place.querySelector('canvas');
  if (!canvas) return false;
  const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, at) => at % 4 === 3 && value > 0);
};

async function ours(kind: Kind, count: number) {
  const { days, values } = points(count);
  let made: object | undefined;
  const ms = await frame(() => {
    made = mount(TimeSeries, { target: place, props: { days, series: [{ key: 'cost', label: 'Cost', values, tone: 'main' as const, format: String }], kind, height: HEIGHT, label: 'Usage', describe: (at: number) => days[at] ?? '' } });
    flushSync();
  });
  const drawn = isDrawn();
  if (made) await unmount(made);
  return { ms, drawn };
}

async function bare(kind: Kind, count: number) {
  const { days, values } = points(count);
  let made: uPlot | undefined;
  const ms = await frame(() => {
    const at = days.map((day) => Date.parse(day) / 1000);
    const series = kind === 'bars' ? { fill: 'teal', width: 0, points: { show: false }, ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.66, 36, 1] }) }) } : { stroke: 'teal', width: 2 };
    made = new uPlot({ width: WIDTH, height: HEIGHT, legend: { show: false }, series: [{}, series] }, [at, values], place);
  });
  const drawn = isDrawn();
  made?.destroy();
  return { ms, drawn };
}

Object.assign(window, { drawChart: { ours, bare } });
