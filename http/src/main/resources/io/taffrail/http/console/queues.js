import { get, path, post, put, remove } from './api.js';
import { bytes, compact, number, rate } from './format.js';
import { browse } from './messages.js';
import { publishForm } from './publish.js';
import { movedText } from './letters.js';
import { act, announce, badge, confirm, empty, facts, field, formDialog, html, nothing, table } from './ui.js';
import { why } from './why.js';

const link = (it) => `#/queues/${encodeURIComponent(it.vhost)}/${encodeURIComponent(it.name)}`;

export function features(it) {
  const marks = [];
  if (it.durable) {
    marks.push(badge('durable'));
  }
  if (it.auto_delete) {
    marks.push(badge('auto-delete'));
  }
  if (it.exclusive) {
    marks.push(badge('exclusive'));
  }
  Object.entries(it.arguments ?? {}).forEach(([name, value]) => {
    if (name !== 'x-queue-type') {
      marks.push(html`<span class="badge" title="${name} = ${JSON.stringify(value)}">${name.replace(/^x-/, '')}</span>`);
    }
  });
  return html`<span class="row small">${marks}</span>`;
}

const detail = (it, name) => it.message_stats?.[`${name}_details`]?.rate ?? null;

const list = { key: null, down: false, changed: () => {} };

async function loadList(context) {
  const query = new URLSearchParams({ page: context.query.get('page') ?? 1, page_size: 100,
    name: context.query.get('name') ?? '', sort: 'name' });
  const host = context.query.get('vhost');
  const [found, hosts] = await Promise.all([
    get(`/api/queues${host ? `/${encodeURIComponent(host)}` : ''}?${query}`), get('/api/vhosts')]);
  return { found, hosts: hosts.map((it) => it.name) };
}

let typing = 0;

export function nameFilter(context, label) {
  return field('filter', 'name', label, { type: 'search', value: context.query.get('name') ?? '',
    onInput: (event) => {
      clearTimeout(typing);
      const { value } = event.target;
      typing = setTimeout(() => context.setQuery({ name: value, page: null }), 250);
    } });
}

export function hostFilter(context, hosts) {
  return hosts.length < 2 ? nothing : field('filter', 'vhost', 'Virtual host', {
    value: context.query.get('vhost') ?? '', choices: [['', 'All'], ...hosts],
    onChange: (event) => context.setQuery({ vhost: event.target.value, page: null }) });
}

export function pager(context, found) {
  if (found.page_count <= 1) {
    return nothing;
  }
  const to = (page) => context.setQuery({ page });
  return html`<nav class="row" aria-label="Pages of the list">
    <button type="button" ?disabled=${found.page <= 1} @click=${() => to(found.page - 1)}>Previous</button>
    <span>Page ${found.page} of ${found.page_count}</span>
    <button type="button" ?disabled=${found.page >= found.page_count}
      @click=${() => to(found.page + 1)}>Next</button></nav>`;
}

function createQueue(context, hosts) {
  return formDialog('New queue', () => html`
    ${field('newqueue', 'vhost', 'Virtual host', { choices: hosts, value: context.query.get('vhost') ?? '/' })}
    ${field('newqueue', 'name', 'Name', { required: true })}
    ${field('newqueue', 'type', 'Type', { choices: [['classic', 'Classic'], ['quorum', 'Quorum'], ['stream', 'Stream']], value: 'quorum' })}
    ${field('newqueue', 'ttl', 'Message time to live', { type: 'number', min: 0, hint: 'Milliseconds; empty: none' })}
    ${field('newqueue', 'max', 'Maximum length', { type: 'number', min: 0, hint: 'Messages; empty: none' })}
    ${field('newqueue', 'dlx', 'Dead-letter exchange', { hint: 'Empty: expired and rejected messages are dropped' })}
    ${field('newqueue', 'dlk', 'Dead-letter routing key')}
    ${field('newqueue', 'more', 'Further arguments', { lines: 3, wide: true, value: '{}', hint: 'A JSON object' })}
    `, 'Create', async (values) => {
    const args = JSON.parse(values.more || '{}');
    args['x-queue-type'] = values.type;
    if (values.ttl) {
      args['x-message-ttl'] = Number(values.ttl);
    }
    if (values.max) {
      args['x-max-length'] = Number(values.max);
    }
    if (values.dlx) {
      args['x-dead-letter-exchange'] = values.dlx;
    }
    if (values.dlk) {
      args['x-dead-letter-routing-key'] = values.dlk;
    }
    await put(`/api/queues/${path(values.vhost, values.name)}`, { durable: true, arguments: args });
    context.go(`#/queues/${path(values.vhost, values.name)}`);
  });
}

function renderList(context, { found, hosts }) {
  list.changed = context.draw;
  const many = hosts.length > 1;
  return html`
    <div class="head"><h1>Queues</h1><span class="muted">${number(found.total_count)}</span>
      <span class="space"></span>
      <button type="button" class="primary" @click=${() => createQueue(context, hosts)}>New queue</button></div>
    <div class="filters" role="search">${nameFilter(context, 'Name contains')}${hostFilter(context, hosts)}</div>
    <div class="card">
    ${found.items.length === 0
    ? empty(context.query.get('name') ? 'No queue has such a name.' : 'There are no queues yet.',
      'Clients declare them, or you create one here.')
    : table('Queues', [
      { title: 'Name', value: (it) => it.name, cell: (it) => html`<a href=${link(it)}>${it.name}</a>
        ${many ? html`<span class="muted small">${it.vhost}</span>` : nothing}` },
      { title: 'Type', value: (it) => it.type, cell: (it) => it.type },
      { title: 'State', value: (it) => it.state, cell: (it) => badge(it.state ?? 'running', it.state === 'running' ? 'good' : 'bad') },
      { title: 'Ready', kind: 'num', value: (it) => it.messages_ready, cell: (it) => compact(it.messages_ready ?? 0) },
      { title: 'Unacked', kind: 'num', value: (it) => it.messages_unacknowledged, cell: (it) => compact(it.messages_unacknowledged ?? 0) },
      { title: 'In', kind: 'num', value: (it) => detail(it, 'publish'), cell: (it) => rate(detail(it, 'publish')) },
      { title: 'Out', kind: 'num', value: (it) => detail(it, 'deliver_get'), cell: (it) => rate(detail(it, 'deliver_get')) },
      { title: 'Consumers', kind: 'num', value: (it) => it.consumers, cell: (it) => number(it.consumers ?? 0) },
      { title: 'Features', cell: features },
    ], found.items, { sort: list, hideCaption: true })}
    ${pager(context, found)}
    </div>`;
}

export const queues = { title: () => 'Queues', every: 3000, load: loadList, render: renderList };

// One queue

const tabs = [['', 'State'], ['messages', 'Messages'], ['publish', 'Publish'], ['why', 'Why does it wait?'], ['bindings', 'Bindings']];

async function loadQueue(context, host, name) {
  const at = path(host, name);
  const tab = context.query.get('tab') ?? '';
  const [object, standing, bindings] = await Promise.all([get(`/api/queues/${at}`),
    get(`/api/taffrail/queues/${at}/why`),
    tab === 'bindings' || tab === '' ? get(`/api/queues/${at}/bindings`) : []]);
  return { object, standing, bindings };
}

async function purge(context, host, name) {
  const { messages_ready: ready } = await get(`/api/queues/${path(host, name)}`);
  if (!await confirm(`Purge ${name}?`, html`<p><strong>${number(ready ?? 0)}</strong> ready
    message${ready === 1 ? '' : 's'} will be removed. Messages that consumers hold stay. This
    cannot be undone.</p>`, `Purge ${number(ready ?? 0)} message${ready === 1 ? '' : 's'}`)) {
    return;
  }
  await act('The queue was purged.', () => remove(`/api/queues/${path(host, name)}/contents`));
  context.refresh();
}

async function destroy(context, host, name, object) {
  if (await confirm(`Delete ${name}?`, html`<p>The queue, its bindings and its
    <strong>${number(object.messages ?? 0)}</strong> messages are removed. This cannot be undone.</p>`, 'Delete the queue')
    && await act('The queue was deleted.', () => remove(`/api/queues/${path(host, name)}`))) {
    context.go('#/queues');
  }
}

async function move(context, host, name) {
  const all = (await get(`/api/queues/${encodeURIComponent(host)}?columns=name,type`))
    .filter((it) => it.name !== name && it.type !== 'stream').map((it) => it.name);
  const moved = await formDialog(`Move messages of ${name}`, () => html`
    <datalist id="targets">${all.map((it) => html`<option value=${it}></option>`)}</datalist>
    ${field('move', 'to', 'To the queue', { required: true, list: 'targets' })}
    ${field('move', 'count', 'At most', { type: 'number', min: 1, value: 1000, required: true, hint: 'Messages, the oldest first' })}
    <p class="wide muted">Each message is stored in the target and removed here in one step.</p>`, 'Move', async (values) => {
    const result = await post(`/api/taffrail/queues/${path(host, name)}/move`,
      { queue: values.to, count: Number(values.count) });
    announce(movedText(result), result.refused > 0);
  });
  if (moved) {
    context.refresh();
  }
}

function state({ object, standing, bindings }) {
  return html`<div class="cols">
    <section class="card"><h2>Messages</h2>${facts([
    ['Ready', number(object.messages_ready ?? 0)],
    ['Unacknowledged', number(object.messages_unacknowledged ?? 0)],
    ['Total', number(object.messages ?? 0)],
    object.message_bytes !== undefined && ['Bytes', bytes(object.message_bytes)],
    ['Consumers', number(standing.consumer_count)],
    object.message_stats?.publish_details && ['In', rate(detail(object, 'publish'))],
    object.message_stats?.deliver_get_details && ['Out', rate(detail(object, 'deliver_get'))],
    object.message_stats?.ack_details && ['Acknowledged', rate(detail(object, 'ack'))],
  ])}
    <h3>Why messages wait</h3>
    <ul class="causes">${standing.causes.slice(0, 3).map((cause) => html`<li>${cause.text}</li>`)}</ul></section>
    <section class="card"><h2>Properties</h2>${facts([
    ['Type', object.type],
    ['Virtual host', object.vhost],
    ['Durable', object.durable ? 'yes' : 'no'],
    ['Auto-delete', object.auto_delete ? 'yes' : 'no'],
    object.exclusive && ['Exclusive', 'yes'],
    ['Policy', object.policy ? html`<a href="#/policies">${object.policy}</a>` : 'none'],
    ...Object.entries(object.arguments ?? {}).filter(([key]) => key !== 'x-queue-type')
      .map(([key, value]) => [html`<span class="mono">${key}</span>`, String(typeof value === 'object' ? JSON.stringify(value) : value)]),
    ['Bindings', number(bindings.length)],
  ])}</section></div>`;
}

function consumers(standing) {
  return html`<section class="card"><h2>Consumers</h2>
    ${standing.consumers.length === 0 ? empty('Nobody consumes from this queue.') : table('Consumers of the queue', [
    { title: 'Tag', cell: (it) => html`<span class="mono">${it.consumer_tag}</span>` },
    { title: 'Connection', cell: (it) => html`<a href="#/connections/${encodeURIComponent(it.connection)}">${it.connection}</a>` },
    { title: 'Holds', kind: 'num', cell: (it) => number(it.held) },
    { title: 'Prefetch', kind: 'num', cell: (it) => (it.prefetch ? number(it.prefetch) : 'none') },
    { title: 'Priority', kind: 'num', cell: (it) => it.priority },
    { title: 'State', cell: (it) => badge(it.block === 'none' ? 'takes messages' : it.block.replaceAll('_', ' '), it.block === 'none' ? 'good' : 'warn') },
  ], standing.consumers, { hideCaption: true })}</section>`;
}

function bind(context, host, name) {
  return formDialog(`Bind ${name}`, () => html`
    ${field('bindqueue', 'source', 'Exchange', { required: true })}
    ${field('bindqueue', 'key', 'Routing key')}
    ${field('bindqueue', 'args', 'Arguments', { lines: 2, wide: true, value: '{}', hint: 'A JSON object' })}`, 'Bind', async (values) => {
    await post(`/api/bindings/${path(host)}/e/${path(values.source)}/q/${path(name)}`,
      { routing_key: values.key, arguments: JSON.parse(values.args || '{}') });
  }).then((done) => done && context.refresh());
}

export function unbind(context, it) {
  const kind = it.destination_type === 'queue' ? 'q' : 'e';
  return act('The binding was removed.', () => remove(
    `/api/bindings/${path(it.vhost)}/e/${path(it.source)}/${kind}/${path(it.destination, it.properties_key)}`))
    .then(() => context.refresh());
}

function bindingsTab(context, host, name, bindings) {
  return html`<section class="card"><div class="head"><h2>Bindings</h2><span class="space"></span>
    <button type="button" @click=${() => bind(context, host, name)}>Bind to an exchange</button></div>
    ${bindings.length === 0 ? empty('Nothing is bound to this queue.') : table('Bindings of the queue', [
    { title: 'From', cell: (it) => (it.source === '' ? html`<span class="muted">default exchange</span>`
      : html`<a href="#/exchanges/${path(host, it.source)}">${it.source}</a>`) },
    { title: 'Routing key', cell: (it) => html`<span class="mono">${it.routing_key}</span>` },
    { title: 'Arguments', cell: (it) => (Object.keys(it.arguments).length ? html`<span class="mono">${JSON.stringify(it.arguments)}</span>` : '') },
    { title: '', kind: 'actions', cell: (it) => (it.source === '' ? nothing
      : html`<button type="button" class="danger" aria-label="Unbind from ${it.source} with key ${it.routing_key}"
          @click=${() => unbind(context, it)}>Unbind</button>`) },
  ], bindings, { hideCaption: true })}</section>`;
}

function renderQueue(context, data, host, name) {
  const { object, standing, bindings } = data;
  const tab = context.query.get('tab') ?? '';
  return html`
    <div class="head">
      <nav class="crumbs" aria-label="Breadcrumb"><a href="#/queues">Queues</a> / ${host}</nav>
      <h1>${name}</h1>${badge(object.type, 'info')}
      <span class="space"></span>
      ${object.type === 'stream' ? nothing : html`
        <a class="button" href="#/dead-letters/${path(host, name)}">Dead letters</a>
        <button type="button" @click=${() => move(context, host, name)}>Move messages</button>
        <button type="button" class="danger" @click=${() => purge(context, host, name)}>Purge</button>`}
      <button type="button" class="danger" @click=${() => destroy(context, host, name, object)}>Delete</button>
    </div>
    <nav class="tabs" aria-label="Parts of the queue">${tabs.map(([key, text]) => html`
      <a href="#/queues/${path(host, name)}${key ? `?tab=${key}` : ''}" aria-current=${tab === key ? 'page' : nothing}>${text}</a>`)}</nav>
    ${tab === '' ? html`${state(data)}${consumers(standing)}` : nothing}
    ${tab === 'messages' ? browse(context, `/api/taffrail/queues/${path(host, name)}/messages`, { host, queue: name }) : nothing}
    ${tab === 'publish' ? publishForm(context, host, '', name) : nothing}
    ${tab === 'why' ? why(standing) : nothing}
    ${tab === 'bindings' ? bindingsTab(context, host, name, bindings) : nothing}`;
}

export const queue = { title: (params) => params[1], every: 3000, load: loadQueue, render: renderQueue };
