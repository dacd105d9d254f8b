// <tf-chart>: lines over the last minutes. The library is loaded with the first chart.

let loading = null;

function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/console/vendor/uplot.js';
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => reject(new Error('the library of charts could not be loaded'));
    document.head.append(script);
  });
  return loading;
}

const colours = ['--accent', '--warn', '--good', '--bad'];

const valueOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The present value of a colour, as a canvas needs it. */
function colour(name) {
  const probe = document.createElement('span');
  probe.style.color = valueOf(name);
  document.body.append(probe);
  const result = getComputedStyle(probe).color;
  probe.remove();
  return result;
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString('en-GB');

class Chart extends HTMLElement {
  #plot = null;
  #data = null;
  #series = [];
  #format = String;
  #watch = new ResizeObserver(() => this.#resize());
  #themed = () => this.#redraw();

  /** Names of the lines. */
  set series(names) {
    this.#series = names;
  }

  set format(format) {
    this.#format = format;
  }

  /** Times in seconds, then the values of each line. */
  set data(data) {
    this.#data = data;
    this.#describe();
    if (this.#plot) {
      this.#plot.setData(data);
    } else if (this.isConnected) {
      this.#draw();
    }
  }

  connectedCallback() {
    this.setAttribute('role', 'img');
    this.#watch.observe(this);
    document.addEventListener('themechange', this.#themed);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#themed);
    this.#draw();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    document.removeEventListener('themechange', this.#themed);
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.#themed);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #describe() {
    const last = this.#series.map((name, index) => {
      const line = this.#data?.[index + 1] ?? [];
      return `${name} ${line.length ? this.#format(line[line.length - 1]) : 'unknown'}`;
    });
    this.setAttribute('aria-label', `${this.getAttribute('name') ?? 'Chart'}: ${last.join(', ')}`);
  }

  #resize() {
    if (this.#plot && this.clientWidth > 0) {
      this.#plot.setSize({ width: this.clientWidth, height: 160 });
    }
  }

  #redraw() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#draw();
  }

  async #draw() {
    if (!this.#data) {
      return;
    }
    const UPlot = await library();
    if (!this.isConnected || this.#plot || this.clientWidth === 0) {
      return;
    }
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false }, font: '11px system-ui' };
    this.#plot = new UPlot({
      width: this.clientWidth,
      height: 160,
      cursor: { y: false },
      scales: { y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 5)] } },
      axes: [{ ...axis, values: (_plot, ticks) => ticks.map(clock), space: 70 }, { ...axis, size: 56, values: (_plot, ticks) => ticks.map(this.#format) }],
      series: [
        { value: (_plot, at) => (at ? clock(at) : '–') },
        ...this.#series.map((name, index) => ({
          label: name,
          width: 1.6,
          stroke: colour(colours[index]),
          value: (_plot, value) => (value === null || value === undefined ? '–' : this.#format(value)),
          points: { show: false },
        })),
      ],
    }, this.#data, this);
  }
}

customElements.define('tf-chart', Chart);
