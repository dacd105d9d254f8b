// Dead letters: where they came from, and back to there.

import { get, path, post } from './api.js';
import { ago, compact, number, time } from './format.js';
import { announce, badge, empty, field, html, idOf, nothing, table, values } from './ui.js';

const plural = (count, what) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;

export function movedText(result) {
  const parts = [`${plural(result.moved, 'message')} moved`];
  if (result.stayed) {
    parts.push(`${number(result.stayed)} stayed`);
  }
  if (result.refused) {
    parts.push(`${number(result.refused)} refused by the target`);
  }
  return `${parts.join(', ')}.`;
}

export const letterQueues = {
  title: () => 'Dead letters',
  every: 5000,
  load: () => get('/api/taffrail/letters'),
  render: (_context, queues) => html`
    <div class="head"><h1>Dead letters</h1></div>
    <p class="muted">Queues that dead letters are routed to, and queues whose next message is one.</p>
    <div class="card">${queues.length === 0
    ? empty('There are no dead letters.', 'Messages that are rejected, expire or exceed a limit appear here if their queue has a dead-letter exchange.')
    : table('Queues with dead letters', [
      { title: 'Queue', cell: (it) => html`<a href="#/dead-letters/${path(it.vhost, it.name)}">${it.name}</a> <span class="muted small">${it.vhost}</span>` },
      { title: 'Ready', kind: 'num', cell: (it) => compact(it.messages_ready) },
      { title: 'Unacked', kind: 'num', cell: (it) => compact(it.messages_unacknowledged) },
      { title: 'Consumers', kind: 'num', cell: (it) => number(it.consumers) },
      { title: '', kind: 'actions', cell: (it) => html`<a class="button" href="#/dead-letters/${path(it.vhost, it.name)}" aria-label="Redrive the letters of ${it.name}">Redrive…</a>` },
    ], queues, { hideCaption: true })}</div>`,
};

/** Groups that are chosen, by origin; for one queue at a time. */
const choice = { of: '', off: new Set(), preview: null, problem: '', busy: false };

async function load(_context, host, name) {
  const [letters, queues] = await Promise.all([get(`/api/taffrail/queues/${path(host, name)}/letters`),
    get(`/api/queues/${path(host)}?columns=name,type`)]);
  return { letters, queues: queues.filter((it) => it.type !== 'stream' && it.name !== name).map((it) => it.name) };
}

function chosen(letters) {
  return letters.groups.filter((group) => !choice.off.has(group.queue));
}

async function redrive(context, host, name, letters, form) {
  const it = values(form);
  const origins = [...new Set(chosen(letters).map((group) => group.queue))]
    .map((queue) => ({ queue, to: it[`to.${queue}`] || queue }));
  choice.busy = true;
  choice.problem = '';
  context.draw();
  try {
    const result = await post(`/api/taffrail/queues/${path(host, name)}/redrive`,
      { origins, count: Math.min(Number(it.count) || 1000, 10000) });
    announce(movedText(result), result.refused > 0);
    choice.preview = null;
  } catch (problem) {
    choice.problem = problem.message;
  }
  choice.busy = false;
  context.refresh();
}

function preview(context, letters, form) {
  const it = values(form);
  choice.preview = [...new Set(chosen(letters).map((group) => group.queue))].map((queue) => ({
    queue, to: it[`to.${queue}`] || queue,
    messages: letters.groups.filter((group) => group.queue === queue).reduce((sum, group) => sum + group.messages, 0),
  }));
  context.draw();
}

function groupsOf(context, host, name, letters, queues) {
  const origins = [...new Set(letters.groups.map((group) => group.queue))];
  return html`<form class="card" aria-label="Redrive" @submit=${(event) => {
    event.preventDefault();
    if (choice.preview) {
      redrive(context, host, name, letters, event.target);
    } else {
      preview(context, letters, event.target);
    }
  }} @input=${() => {
    choice.preview = null;
    context.draw();
  }}>
    <h2>Where they came from</h2>
    <datalist id="targets">${queues.map((queue) => html`<option value=${queue}></option>`)}</datalist>
    ${table('Dead letters by origin and reason', [
    { title: 'Origin', cell: (it) => html`<a href="#/queues/${path(host, it.queue)}">${it.queue}</a> ${it.exists ? nothing : badge('does not exist', 'bad')}` },
    { title: 'Reason', cell: (it) => badge(it.reason, 'warn') },
    { title: 'Published to', cell: (it) => html`<span class="mono">${it.exchange || '(default)'} · ${it.routing_key}</span>` },
    { title: 'Messages', kind: 'num', cell: (it) => number(it.messages) },
    { title: 'Redriven before', kind: 'num', cell: (it) => number(it.redriven_before) },
    { title: 'Newest', kind: 'num', cell: (it) => html`<span title=${time(it.newest)}>${ago(it.newest)}</span>` },
    { title: '', kind: 'actions', cell: (it) => html`<a href="#/queues/${path(host, name)}?tab=messages" aria-label="Browse the letters of ${it.queue}">Browse</a>` },
  ], letters.groups)}
    <h2>Redrive</h2>
    <p class="muted">Each message returns to the queue that it came from first, with its exchange and key of then,
      and gets the header <code>x-taffrail-redriven</code>.</p>
    <div class="fields-list">
    ${origins.map((queue) => html`<div class="row redrive">
      <div class="check"><input type="checkbox" id=${idOf(`from.${queue}`)} ?checked=${!choice.off.has(queue)} @change=${(event) => {
    if (event.target.checked) {
      choice.off.delete(queue);
    } else {
      choice.off.add(queue);
    }
    context.draw();
  }}><label for=${idOf(`from.${queue}`)}>Letters of <strong>${queue}</strong></label></div>
      ${field('redrive', `to.${queue}`, `Send those of ${queue} to`, { value: queue, list: 'targets' })}</div>`)}
    </div>
    <div class="row">${field('redrive', 'count', 'At most', { type: 'number', min: 1, value: 1000 })}</div>
    <p class="error" role="alert">${choice.problem}</p>
    ${choice.preview ? html`<div class="note" role="status"><strong>Preview.</strong> Nothing has been moved yet.
      <ul>${choice.preview.map((it) => html`<li>${plural(it.messages, 'message')} of ${it.queue} to <strong>${it.to}</strong></li>`)}</ul></div>` : nothing}
    <div class="row end">
      ${choice.preview ? html`<button type="button" @click=${() => {
    choice.preview = null;
    context.draw();
  }}>Back</button><button class="primary" ?disabled=${choice.busy}>${choice.busy ? 'Redriving…' : 'Redrive now'}</button>`
    : html`<button class="primary" ?disabled=${chosen(letters).length === 0}>Preview the redrive</button>`}
    </div></form>`;
}

export const letters = {
  title: (params) => `Dead letters of ${params[1]}`,
  every: 5000,
  load,
  render(context, data, host, name) {
    if (choice.of !== `${host}/${name}`) {
      Object.assign(choice, { of: `${host}/${name}`, off: new Set(), preview: null, problem: '' });
    }
    const summary = data.letters;
    return html`<div class="head">
      <nav class="crumbs" aria-label="Breadcrumb"><a href="#/dead-letters">Dead letters</a> / ${host}</nav>
      <h1>${name}</h1><span class="space"></span>
      <a class="button" href="#/queues/${path(host, name)}?tab=messages">Browse the queue</a></div>
      ${summary.complete ? nothing : html`<div class="note warn">Only the first ${number(summary.scanned_messages)} messages were counted.</div>`}
      ${summary.without_history ? html`<p class="muted">${plural(summary.without_history, 'message')} without a history: published here directly.</p>` : nothing}
      ${summary.groups.length === 0 ? html`<div class="card">${empty('No dead letters wait here.')}</div>`
    : groupsOf(context, host, name, summary, data.queues)}`;
  },
};

