import { get, path, post, put, remove } from './api.js';
import { number, rate } from './format.js';
import { graph } from './graph.js';
import { publishForm } from './publish.js';
import { features, hostFilter, nameFilter, pager, unbind } from './queues.js';
import { act, check, confirm, empty, field, formDialog, html, nothing, table, badge } from './ui.js';

const shown = (name) => name || '(default)';
const part = (name) => name || 'amq.default';

async function loadList(context) {
  const query = new URLSearchParams({ page: context.query.get('page') ?? 1, page_size: 100,
    name: context.query.get('name') ?? '', sort: 'name' });
  const host = context.query.get('vhost');
  const asGraph = context.query.get('view') === 'graph';
  const [found, hosts, bindings] = await Promise.all([
    get(`/api/exchanges${host ? `/${path(host)}` : ''}?${query}`), get('/api/vhosts'),
    asGraph ? get(`/api/bindings${host ? `/${path(host)}` : ''}`) : []]);
  return { found, bindings, hosts: hosts.map((it) => it.name) };
}

function create(context, hosts) {
  return formDialog('New exchange', () => html`
    ${field('newx', 'vhost', 'Virtual host', { choices: hosts, value: context.query.get('vhost') ?? '/' })}
    ${field('newx', 'name', 'Name', { required: true })}
    ${field('newx', 'type', 'Type', { choices: ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash', 'x-delayed-message'], value: 'topic' })}
    ${field('newx', 'alternate', 'Alternate exchange', { hint: 'Gets messages that no binding matches' })}
    ${field('newx', 'args', 'Further arguments', { lines: 2, wide: true, value: '{}', hint: 'A JSON object; x-delayed-message needs "x-delayed-type"' })}
    ${check('newx', 'durable', 'Durable', true)}${check('newx', 'internal', 'Internal')}`, 'Create', async (it) => {
    const args = JSON.parse(it.args || '{}');
    if (it.alternate) {
      args['alternate-exchange'] = it.alternate;
    }
    await put(`/api/exchanges/${path(it.vhost, it.name)}`, { type: it.type, durable: Boolean(it.durable), internal: Boolean(it.internal), arguments: args });
    context.go(`#/exchanges/${path(it.vhost, it.name)}`);
  });
}

const detail = (it, name) => it.message_stats?.[`${name}_details`]?.rate ?? null;

function listOf(context, found, hosts) {
  return html`<div class="card">${found.items.length === 0 ? empty('No exchange has such a name.')
    : table('Exchanges', [
      { title: 'Name', cell: (it) => html`<a href="#/exchanges/${path(it.vhost, part(it.name))}">${shown(it.name)}</a>
        ${hosts.length > 1 ? html`<span class="muted small">${it.vhost}</span>` : nothing}` },
      { title: 'Type', cell: (it) => it.type },
      { title: 'In', kind: 'num', cell: (it) => rate(detail(it, 'publish_in')) },
      { title: 'Out', kind: 'num', cell: (it) => rate(detail(it, 'publish_out')) },
      { title: 'Features', cell: features },
    ], found.items, { hideCaption: true })}${pager(context, found)}</div>`;
}

export const exchanges = {
  title: () => 'Exchanges',
  every: 5000,
  load: loadList,
  render(context, { found, bindings, hosts }) {
    const asGraph = context.query.get('view') === 'graph';
    return html`<div class="head"><h1>Exchanges</h1><span class="muted">${number(found.total_count)}</span><span class="space"></span>
      <button type="button" aria-pressed=${asGraph} @click=${() => context.setQuery({ view: asGraph ? null : 'graph' })}>${asGraph ? 'Show the list' : 'Show the graph'}</button>
      <button type="button" class="primary" @click=${() => create(context, hosts)}>New exchange</button></div>
      <div class="filters" role="search">${nameFilter(context, 'Name contains')}${hostFilter(context, hosts)}</div>
      ${asGraph ? html`<section class="card"><h2>Bindings</h2>${graph(bindings.filter((it) => it.source !== ''
    && (!context.query.get('name') || it.source.includes(context.query.get('name')) || it.destination.includes(context.query.get('name')))))}</section>`
    : listOf(context, found, hosts)}`;
  },
};

async function loadOne(_context, host, name) {
  const at = path(host, name);
  const [object, source, destination] = await Promise.all([get(`/api/exchanges/${at}`),
    get(`/api/exchanges/${at}/bindings/source`), get(`/api/exchanges/${at}/bindings/destination`)]);
  return { object, source, destination };
}

function bind(context, host, name) {
  return formDialog(`Bind to ${name}`, () => html`
    ${field('bindx', 'kind', 'Bind', { choices: [['q', 'a queue'], ['e', 'an exchange']] })}
    ${field('bindx', 'to', 'Name', { required: true })}
    ${field('bindx', 'key', 'Routing key')}
    ${field('bindx', 'args', 'Arguments', { lines: 2, wide: true, value: '{}', hint: 'A JSON object' })}`, 'Bind', async (it) => {
    await post(`/api/bindings/${path(host)}/e/${path(name)}/${it.kind}/${path(it.to)}`, { routing_key: it.key, arguments: JSON.parse(it.args || '{}') });
  }).then((done) => done && context.refresh());
}

async function destroy(context, host, name, bindings) {
  if (await confirm(`Delete ${name}?`, html`<p>The exchange and its <strong>${number(bindings)}</strong> bindings are removed. Publishers that use it get an error.</p>`, 'Delete the exchange')
    && await act('The exchange was deleted.', () => remove(`/api/exchanges/${path(host, name)}`))) {
    context.go('#/exchanges');
  }
}

function bindings(context, title, list, end) {
  return html`<section class="card"><h2>${title}</h2>${list.length === 0 ? empty('No bindings.') : table(title, [
    { title: end === 'to' ? 'To' : 'From', cell: (it) => {
      const name = end === 'to' ? it.destination : it.source;
      const kind = end === 'to' && it.destination_type === 'queue' ? 'queues' : 'exchanges';
      return html`<a href="#/${kind}/${path(it.vhost, name)}">${name}</a> <span class="muted small">${kind.slice(0, -1)}</span>`;
    } },
    { title: 'Routing key', cell: (it) => html`<span class="mono">${it.routing_key}</span>` },
    { title: 'Arguments', cell: (it) => (Object.keys(it.arguments).length ? html`<span class="mono">${JSON.stringify(it.arguments)}</span>` : '') },
    { title: '', kind: 'actions', cell: (it) => html`<button type="button" class="danger" aria-label="Unbind ${it.destination} with key ${it.routing_key}" @click=${() => unbind(context, it)}>Unbind</button>` },
  ], list, { hideCaption: true })}</section>`;
}

export const exchange = {
  title: (params) => params[1],
  every: 5000,
  load: loadOne,
  render(context, { object, source, destination }, host, name) {
    const isDefault = object.name === '';
    const fixed = isDefault || object.name.startsWith('amq.');
    return html`<div class="head">
      <nav class="crumbs" aria-label="Breadcrumb"><a href="#/exchanges">Exchanges</a> / ${host}</nav>
      <h1>${shown(object.name)}</h1>${badge(object.type, 'info')}${features(object)}<span class="space"></span>
      ${isDefault ? nothing : html`<button type="button" @click=${() => bind(context, host, name)}>Bind</button>`}
      ${fixed ? nothing : html`<button type="button" class="danger" @click=${() => destroy(context, host, name, source.length)}>Delete</button>`}</div>
      ${isDefault ? html`<p class="muted">Every queue is bound to the default exchange by its name.</p>` : html`
        <section class="card"><h2>Graph</h2>${graph([...destination, ...source])}</section>
        <div class="cols">${bindings(context, 'Bindings from here', source, 'to')}${destination.length ? bindings(context, 'Bindings to here', destination, 'from') : nothing}</div>`}
      ${object.internal ? nothing : publishForm(context, host, object.name)}`;
  },
};
