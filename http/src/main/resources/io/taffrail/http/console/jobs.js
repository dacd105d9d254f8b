// Jobs: state, progress, result; cancel and retry.

import { get, path, post, remove } from './api.js';
import { number } from './format.js';
import { hostFilter } from './queues.js';
import { act, badge, confirm, empty, facts, field, html, nothing, table } from './ui.js';

const states = ['scheduled', 'queued', 'running', 'failed', 'succeeded', 'dead', 'cancelled'];
const kinds = { running: 'info', queued: 'info', succeeded: 'good', failed: 'warn', dead: 'bad' };
const ended = ['succeeded', 'dead', 'cancelled'];

const suffix = (context) => (context.query.get('vhost') ? `?vhost=${path(context.query.get('vhost'))}` : '');
const state = (it) => badge(it.state, kinds[it.state] ?? '');
const progress = (it) => (it.progress === undefined ? nothing : html`<meter min="0" max="100" value=${it.progress} aria-label="Progress of ${it.id}"></meter> ${it.progress} %`);
const link = (context, it) => `#/jobs/${path(it.id)}${suffix(context)}`;

async function load(context) {
  const query = new URLSearchParams({ limit: 200 });
  ['queue', 'state', 'vhost'].forEach((name) => context.query.get(name) && query.set(name, context.query.get(name)));
  const [found, hosts] = await Promise.all([get(`/jobs?${query}`), get('/api/vhosts')]);
  return { list: found.jobs, hosts: hosts.map((it) => it.name) };
}

let typing = 0;

export const jobs = {
  title: () => 'Jobs',
  every: 3000,
  load,
  render: (context, { list, hosts }) => html`<div class="head"><h1>Jobs</h1><span class="muted">${number(list.length)}</span></div>
    <div class="filters" role="search">
      ${field('jobs', 'queue', 'Queue', { type: 'search', value: context.query.get('queue') ?? '', onInput: (event) => {
    clearTimeout(typing);
    const { value } = event.target;
    typing = setTimeout(() => context.setQuery({ queue: value }), 300);
  } })}
      ${field('jobs', 'state', 'State', { choices: [['', 'All'], ...states], value: context.query.get('state') ?? '', onChange: (event) => context.setQuery({ state: event.target.value }) })}
      ${hostFilter(context, hosts)}</div>
    <div class="card">${list.length === 0 ? empty('There are no such jobs.', 'A program enqueues one with POST /jobs/QUEUE.') : table('Jobs', [
    { title: 'Job', cell: (it) => html`<a class="mono" href=${link(context, it)}>${it.id}</a>` },
    { title: 'Queue', cell: (it) => it.queue },
    { title: 'State', cell: state },
    { title: 'Attempt', kind: 'num', cell: (it) => `${it.attempt} of ${it.attempts}` },
    { title: 'Progress', cell: progress },
    { title: 'Created', cell: (it) => it.created },
  ], list, { hideCaption: true })}</div>`,
};

async function cancel(context, it) {
  if (await confirm('Cancel the job?', html`<p>The job <span class="mono">${it.id}</span> of ${it.queue} will not run, or its result is ignored if it runs now.</p>`, 'Cancel the job')) {
    await act('The job was cancelled.', () => remove(`/jobs/${path(it.id)}${suffix(context)}`));
    context.refresh();
  }
}

const shown = (value) => (typeof value === 'object' && value !== null ? html`<pre>${JSON.stringify(value, null, 2)}</pre>` : String(value));

export const job = {
  title: (params) => `Job ${params[0]}`,
  every: 1000,
  load: (context, id) => get(`/jobs/${path(id)}${suffix(context)}`),
  render: (context, it, id) => html`<div class="head"><nav class="crumbs" aria-label="Breadcrumb"><a href="#/jobs">Jobs</a> / ${it.queue}</nav>
    <h1 class="mono">${id}</h1>${state(it)}<span class="space"></span>
    ${ended.includes(it.state) ? html`<button type="button" @click=${() => act('The job was queued again.', () => post(`/jobs/${path(id)}/retry${suffix(context)}`)).then(() => context.refresh())}>Retry</button>`
    : html`<button type="button" class="danger" @click=${() => cancel(context, it)}>Cancel</button>`}</div>
    <section class="card" aria-live="polite"><h2>State</h2>${it.progress === undefined ? nothing : html`<p>${progress(it)}</p>`}
    ${facts(Object.entries(it).filter(([name]) => !['id', 'self', 'progress'].includes(name)).map(([name, value]) => [name, shown(value)]))}</section>`,
};
