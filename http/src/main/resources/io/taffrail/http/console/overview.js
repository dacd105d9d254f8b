import { get } from './api.js';
import './chart.js';
import { ago, bytes, compact, number, rate, span, time } from './format.js';
import { badge, empty, facts, html, nothing, table, tile } from './ui.js';

/** Samples of the last minutes, kept while the page of the browser lives. */
const history = { times: [], ready: [], held: [], stored: [], done: [], last: null };
const MOST_SAMPLES = 300;

function sample(data) {
  const now = Date.now() / 1000;
  const ready = data.overview.queue_totals.messages_ready ?? 0;
  const held = data.overview.queue_totals.messages_unacknowledged ?? 0;
  const stored = data.backlog.messages_stored;
  const { last } = history;
  let storedRate = null;
  let doneRate = null;
  if (last && now > last.now && stored >= last.stored) {
    const seconds = now - last.now;
    storedRate = (stored - last.stored) / seconds;
    doneRate = Math.max(0, (stored - ready - held - (last.stored - last.ready - last.held)) / seconds);
  }
  history.last = { now, ready, held, stored };
  [['times', now], ['ready', ready], ['held', held], ['stored', storedRate], ['done', doneRate]]
    .forEach(([name, value]) => {
      history[name].push(value);
      if (history[name].length > MOST_SAMPLES) {
        history[name].shift();
      }
    });
}

async function load(context) {
  const monitors = context.has('monitoring');
  const [overview, backlog, status] = await Promise.all([get('/api/overview'),
    get('/api/taffrail/backlog'), monitors ? get('/api/taffrail/status') : null]);
  const data = { overview, backlog, status };
  sample(data);
  return data;
}

const latest = (name) => history[name][history[name].length - 1];

function alarms(status) {
  if (!status) {
    return nothing;
  }
  const lines = [];
  if (status.storage?.failure) {
    lines.push(`The storage has failed: ${status.storage.failure}`);
  }
  status.quarantined_queues?.forEach((it) => lines.push(`Queue ${it.queue} in ${it.vhost} is out of use: ${it.cause}`));
  status.quarantined_logs?.forEach((it) => lines.push(`Log ${it.name ?? it.log} is out of use: ${it.cause}`));
  status.offline_partitions?.forEach((it) => lines.push(`Partition ${it.topic}-${it.partition} is offline: ${it.cause}`));
  const troubles = status.troubles?.map((it) => `${it.work} of ${it.log} fails since ${it.since}: ${it.cause}`) ?? [];
  return html`
    ${lines.length ? html`<div class="note bad" role="alert"><strong>Alarms</strong>
      <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>` : nothing}
    ${troubles.length ? html`<div class="note warn"><strong>Background work that fails</strong>
      <ul>${troubles.map((line) => html`<li>${line}</li>`)}</ul></div>` : nothing}`;
}

function node(status) {
  const connections = status.listeners.map((it) => `${it.protocol} ${it.connections}`).join(' · ');
  return html`<section class="card"><h2>Node</h2>
    ${facts([
    ['State', status.healthy ? badge('healthy', 'good') : badge('has alarms', 'bad')],
    ['Version', html`${status.version} <span class="muted">Java ${status.java}</span>`],
    ['Running for', html`<span title=${status.started}>${span(status.uptime_ms)}</span>`],
    ['Disk free', bytes(status.storage.usable_bytes)],
    ['Data', html`<span class="mono">${status.storage.location}</span>`],
    ['Durability', status.storage.durability],
    ['Journal', `${bytes(status.storage.unforced_bytes)} not yet on disk`],
    ['Logs', number(status.storage.logs)],
    ['Memory of requests', `${bytes(status.memory.charged_bytes)} of ${bytes(status.memory.budget_bytes)}`],
    ['Connections', connections],
    ['Listeners', status.listeners.map((it) => html`<div><span class="mono">${it.address}</span>
      <span class="muted">${it.protocol}</span></div>`)],
    ['Dropped letters', number(status.lost_letters)],
  ])}</section>`;
}

function backlogs(backlog) {
  if (backlog.queues.length === 0) {
    return empty('No queue has messages that wait.');
  }
  return table('Queues with ready messages, the longest first', [
    { title: 'Queue', cell: (it) => html`<a href="#/queues/${encodeURIComponent(it.vhost)}/${encodeURIComponent(it.name)}">${it.name}</a>
      <span class="muted small">${it.vhost}</span>` },
    { title: 'Ready', kind: 'num', cell: (it) => compact(it.messages_ready) },
    { title: 'Unacked', kind: 'num', cell: (it) => compact(it.messages_unacknowledged) },
    { title: 'Consumers', kind: 'num', cell: (it) => number(it.consumers) },
    { title: 'Oldest', kind: 'num', cell: (it) => html`<span title=${time(it.oldest)}>${it.oldest ? ago(it.oldest) : '–'}</span>` },
    { title: '', kind: 'actions', cell: (it) => html`<a href="#/queues/${encodeURIComponent(it.vhost)}/${encodeURIComponent(it.name)}?tab=why"
      aria-label="Why do the messages of ${it.name} wait?">Why?</a>` },
  ], backlog.queues.slice(0, 10));
}

function render(context, { overview, backlog, status }) {
  const totals = overview.queue_totals;
  const objects = overview.object_totals;
  return html`
    <div class="head"><h1>Overview</h1><span class="muted">${overview.node}</span></div>
    ${alarms(status)}
    <ul class="tiles" aria-label="Figures">
      ${tile('Ready', compact(totals.messages_ready ?? 0))}
      ${tile('Unacknowledged', compact(totals.messages_unacknowledged ?? 0))}
      ${tile('Oldest waiting', backlog.oldest ? span(Date.now() - backlog.oldest) : 'none')}
      ${tile('Stored', rate(latest('stored')))}
      ${tile('Settled', rate(latest('done')))}
      ${tile('Connections', number(objects.connections))}
      ${tile('Consumers', number(objects.consumers))}
      ${tile('Queues', number(objects.queues), `${number(objects.exchanges)} exchanges`)}
    </ul>
    <div class="cols">
      <section class="card"><h2>Messages that wait</h2>
        <tf-chart name="Messages that wait" .series=${['Ready', 'Unacknowledged']} .format=${compact}
          .data=${[[...history.times], [...history.ready], [...history.held]]}></tf-chart></section>
      <section class="card"><h2>Messages per second</h2>
        <tf-chart name="Messages per second" .series=${['Stored', 'Settled']} .format=${compact}
          .data=${[[...history.times], [...history.stored], [...history.done]]}></tf-chart></section>
    </div>
    <div class="cols">
      <section class="card"><h2>Backlog</h2>${backlogs(backlog)}</section>
      ${status ? node(status) : nothing}
    </div>`;
}

/** The charts move on while nothing changes. */
const tick = (data) => data && sample(data);

export const overview = { title: () => 'Overview', every: 2000, load, render, tick };
