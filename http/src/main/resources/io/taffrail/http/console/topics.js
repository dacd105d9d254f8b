// Topics and consumer groups.

import { get, path, post, put, remove } from './api.js';
import { bytes, compact, number, rate, span } from './format.js';
import { browse } from './messages.js';
import { nameFilter } from './queues.js';
import { act, badge, confirm, dialog, empty, facts, failure, field, formDialog, html, nothing, table, values } from './ui.js';
import { causes } from './why.js';

/** Ends of topics at the last look, for rates. */
const before = { at: 0, ends: new Map(), rates: new Map() };

function measure(list) {
  const now = Date.now();
  if (before.at && now - before.at > 500) {
    list.forEach((it) => {
      const last = before.ends.get(it.name);
      before.rates.set(it.name, last === undefined ? null : Math.max(0, (it.end - last) / ((now - before.at) / 1000)));
    });
  }
  before.at = now;
  before.ends = new Map(list.map((it) => [it.name, it.end]));
}

function create(context) {
  return formDialog('New topic', () => html`
    ${field('topic', 'name', 'Name', { required: true })}
    ${field('topic', 'partitions', 'Partitions', { type: 'number', min: 1, value: 1, required: true })}
    ${field('topic', 'config', 'Settings', { lines: 3, wide: true, value: '{}', hint: 'A JSON object with Kafka’s names, such as {"retention.ms": 86400000, "cleanup.policy": "compact"}' })}`, 'Create', async (it) => {
    await put(`/api/taffrail/topics/${path(it.name)}`, { partitions: Number(it.partitions), config: JSON.parse(it.config || '{}') });
    context.go(`#/topics/${path(it.name)}`);
  });
}

export const topics = {
  title: () => 'Topics',
  tag: 'monitoring',
  every: 3000,
  load: async (context) => {
    const all = await get('/api/taffrail/topics');
    measure(all);
    const name = (context.query.get('name') ?? '').toLowerCase();
    const internal = context.query.get('internal');
    return all.filter((it) => it.name.toLowerCase().includes(name) && (internal || !it.internal));
  },
  render: (context, list) => html`<div class="head"><h1>Topics</h1><span class="muted">${number(list.length)}</span><span class="space"></span>
    ${context.has('administrator') ? html`<button type="button" class="primary" @click=${() => create(context)}>New topic</button>` : nothing}</div>
    <div class="filters" role="search">${nameFilter(context, 'Name contains')}
      <div class="check"><input type="checkbox" id="internal" ?checked=${Boolean(context.query.get('internal'))} @change=${(event) => context.setQuery({ internal: event.target.checked ? '1' : null })}>
      <label for="internal">Internal topics too</label></div></div>
    <p class="muted small">Durable queues are topics too: a consumer group can replay them.</p>
    <div class="card">${list.length === 0 ? empty('There are no topics.', 'Kafka clients create them, or you create one here.') : table('Topics', [
    { title: 'Name', cell: (it) => html`<a href="#/topics/${path(it.name)}">${it.name}</a> ${it.internal ? badge('internal') : nothing} ${it.offline ? badge(`${it.offline} offline`, 'bad') : nothing}` },
    { title: 'Partitions', kind: 'num', cell: (it) => number(it.partitions) },
    { title: 'Records', kind: 'num', cell: (it) => compact(it.records) },
    { title: 'In', kind: 'num', cell: (it) => rate(before.rates.get(it.name)) },
    { title: 'Size', kind: 'num', cell: (it) => bytes(it.bytes) },
  ], list.slice(0, 1000), { hideCaption: true })}</div>`,
};

export const topic = {
  title: (params) => params[0],
  tag: 'monitoring',
  every: 3000,
  load: (_context, name) => get(`/api/taffrail/topics/${path(name)}`),
  render: (context, it, name) => {
    const partition = context.query.get('partition');
    return html`<div class="head"><nav class="crumbs" aria-label="Breadcrumb"><a href="#/topics">Topics</a></nav>
      <h1>${name}</h1>${it.internal ? badge('internal') : nothing}<span class="space"></span>
      ${context.has('administrator') && !it.internal ? html`<button type="button" class="danger" @click=${async () => {
      if (await confirm(`Delete ${name}?`, html`<p>The topic and its <strong>${number(it.records)}</strong> records are removed. This cannot be undone.</p>`, 'Delete the topic')
        && await act('The topic was deleted.', () => remove(`/api/taffrail/topics/${path(name)}`))) {
        context.go('#/topics');
      }
    }}>Delete</button>` : nothing}</div>
      ${partition !== null ? html`<nav class="tabs" aria-label="Parts of the topic"><a href="#/topics/${path(name)}">Partitions</a>
        <a href="#/topics/${path(name)}?partition=${partition}" aria-current="page">Records of partition ${partition}</a></nav>
        ${browse(context, `/api/taffrail/topics/${path(name, partition)}/messages`, {})}`
      : html`<div class="cols"><section class="card"><h2>Partitions</h2>${table('Partitions', [
        { title: 'Partition', cell: (each) => html`${each.partition} ${each.offline ? badge('offline', 'bad') : nothing}` },
        { title: 'Start', kind: 'num', cell: (each) => number(each.start) },
        { title: 'End', kind: 'num', cell: (each) => number(each.end) },
        { title: 'Records', kind: 'num', cell: (each) => number(each.end - each.start) },
        { title: 'Size', kind: 'num', cell: (each) => bytes(each.bytes) },
        { title: '', kind: 'actions', cell: (each) => html`<a href="#/topics/${path(name)}?partition=${each.partition}" aria-label="Browse partition ${each.partition}">Browse</a>` },
      ], it.partition_list, { hideCaption: true })}</section>
      <section class="card"><h2>Properties</h2>${facts([['Records', number(it.records)], ['Size', bytes(it.bytes)], ['Id', html`<span class="mono">${it.id}</span>`],
        ...Object.entries(it.config).map(([key, value]) => [html`<span class="mono">${key}</span>`, value])])}</section></div>`}`;
  },
};

export const groups = {
  title: () => 'Consumer groups',
  tag: 'monitoring',
  every: 3000,
  load: async (context) => {
    const name = (context.query.get('name') ?? '').toLowerCase();
    return (await get('/api/taffrail/groups')).filter((it) => it.group.toLowerCase().includes(name));
  },
  render: (context, list) => html`<div class="head"><h1>Consumer groups</h1><span class="muted">${number(list.length)}</span></div>
    <div class="filters" role="search">${nameFilter(context, 'Name contains')}</div>
    <div class="card">${list.length === 0 ? empty('There are no consumer groups.', 'A Kafka consumer with a group.id makes one.') : table('Consumer groups', [
    { title: 'Group', cell: (it) => html`<a href="#/groups/${path(it.group)}">${it.group}</a>` },
    { title: 'State', cell: (it) => badge(it.state, it.state === 'Stable' ? 'good' : it.state === 'Empty' ? '' : 'warn') },
    { title: 'Protocol', cell: (it) => it.type },
    { title: 'Partitions', kind: 'num', cell: (it) => number(it.partitions) },
    { title: 'Lag', kind: 'num', cell: (it) => (it.lag === undefined ? '–' : compact(it.lag)) },
  ], list, { hideCaption: true })}</div>`,
};

function reset(context, name, it) {
  let preview = null;
  let problem = null;
  const bodyOf = (form) => {
    const input = values(form);
    return { to: input.to, value: input.to === 'time' ? new Date(input.time).getTime() : Number(input.offset || 0), topic: input.topic };
  };
  return dialog(`Reset the offsets of ${name}`, (close, draw) => html`
    ${it.members.length ? html`<div class="note warn">The group has ${number(it.members.length)} members. Stop its consumers first; the broker refuses a reset until then.</div>` : nothing}
    <form class="fields" @input=${() => {
    preview = null;
    draw();
  }} @submit=${async (event) => {
    event.preventDefault();
    problem = null;
    try {
      const body = bodyOf(event.target);
      const result = await post(`/api/taffrail/groups/${path(name)}/reset`, { ...body, dry_run: !preview });
      if (preview) {
        close(true);
        await act(`${number(result.partitions.length)} offsets were reset.`, async () => {});
      }
      preview = result.partitions;
    } catch (refusal) {
      problem = refusal;
    }
    draw();
  }}>
      ${field('reset', 'topic', 'Topic', { choices: [['', 'All'], ...new Set(it.partitions.map((each) => each.topic))] })}
      ${field('reset', 'to', 'To', { choices: [['earliest', 'the oldest record'], ['latest', 'the end'], ['time', 'a time'], ['offset', 'an offset']] })}
      ${field('reset', 'time', 'Time', { type: 'datetime-local' })}
      ${field('reset', 'offset', 'Offset', { type: 'number', min: 0 })}
      <div class="wide">${problem ? failure(problem) : nothing}
      ${preview ? html`<p role="status">Nothing has been changed yet.</p>${table('Preview of the reset', [
    { title: 'Partition', cell: (each) => `${each.topic}-${each.partition}` },
    { title: 'From', kind: 'num', cell: (each) => number(each.from) },
    { title: 'To', kind: 'num', cell: (each) => number(each.to) },
    { title: 'Change', kind: 'num', cell: (each) => (each.to > each.from ? `skips ${number(each.to - each.from)}` : each.to < each.from ? `reads ${number(each.from - each.to)} again` : 'none') },
  ], preview)}` : nothing}</div>
      <div class="row end wide"><button type="button" @click=${() => close(false)}>Cancel</button>
        <button class=${preview ? 'danger' : 'primary'}>${preview ? 'Reset now' : 'Preview'}</button></div>
    </form>`).then(() => context.refresh());
}

export const group = {
  title: (params) => params[0],
  tag: 'monitoring',
  every: 3000,
  load: (_context, name) => get(`/api/taffrail/groups/${path(name)}`),
  render: (context, it, name) => html`<div class="head"><nav class="crumbs" aria-label="Breadcrumb"><a href="#/groups">Consumer groups</a></nav>
    <h1>${name}</h1>${badge(it.state, it.state === 'Stable' ? 'good' : '')}<span class="space"></span>
    ${context.has('administrator') ? html`<button type="button" ?disabled=${it.partitions.length === 0} @click=${() => reset(context, name, it)}>Reset offsets</button>
    <button type="button" class="danger" @click=${async () => {
    if (await confirm(`Delete ${name}?`, html`<p>The group forgets <strong>${number(it.partitions.length)}</strong> offsets; its consumers begin anew.</p>`, 'Delete the group')
      && await act('The group was deleted.', () => remove(`/api/taffrail/groups/${path(name)}`))) {
      context.go('#/groups');
    }
  }}>Delete</button>` : nothing}</div>
    <section class="card"><h2>Lag</h2>${it.partitions.length === 0 ? empty('The group has committed no offset.') : table('Partitions that the group reads', [
    { title: 'Partition', cell: (each) => html`<a href="#/topics/${path(each.topic)}?partition=${each.partition}">${each.topic}-${each.partition}</a>` },
    { title: 'Offset', kind: 'num', cell: (each) => number(each.offset) },
    { title: 'End', kind: 'num', cell: (each) => number(each.end) },
    { title: 'Lag', kind: 'num', cell: (each) => number(each.lag) },
    { title: 'Behind', kind: 'num', cell: (each) => (each.lag_ms === 0 ? '0 s' : span(each.lag_ms)) },
    { title: 'Why', cell: (each) => (each.causes ? causes(each.causes) : html`<span class="muted">The topic does not exist.</span>`) },
  ], it.partitions, { hideCaption: true })}</section>
    <section class="card"><h2>Members</h2>${it.members.length === 0 ? empty('No member is connected.') : table('Members', [
    { title: 'Client', cell: (each) => html`${each.client_id}<div class="muted small mono">${each.id}</div>` },
    { title: 'Host', cell: (each) => each.host },
    { title: 'Partitions', cell: (each) => each.partitions.join(', ') || '–' },
  ], it.members, { hideCaption: true })}</section>`,
};
