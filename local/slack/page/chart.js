// Draws a line chart: the block `data_visualization`.
import { html } from './preact.js';

/** Of the drawing, in its own units. */
const WIDTH = 400;
const HEIGHT = 120;

/** @param chart as an app sends it: series of points, and the categories that all of them have */
export function Chart({ title, chart: { series, axis_config: axis } }) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index) => (index / Math.max(1, axis.categories.length - 1)) * WIDTH;
  const y = (value) => HEIGHT - ((value - low) / (high - low || 1)) * HEIGHT;
  const points = (data) => data.map(({ value }, index) => `${x(index)},${y(value)}`).join(' ');
  const ends = ({ name, data }) => `${name} from ${data[0].value} to ${data.at(-1).value}`;
  const { categories } = axis;
  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      <ul>
        ${series.map(({ name }, index) => html`<li class="line-${index}" key=${name}>${name}</li>`)}
      </ul>
      <div class="plot">
        <div class="scale"><span>${high}</span><span>${axis.y_label}</span><span>${low}</span></div>
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
          aria-label="${title}: ${series.map(ends).join(', ')}">
          ${series.map(
            ({ name, data }, index) =>
              html`<polyline class="line-${index}" key=${name} points=${points(data)} />`,
          )}
        </svg>
        <div class="points"><span>${categories[0]}</span><span>${categories.at(-1)}</span></div>
      </div>
    </figure>
  `;
}
