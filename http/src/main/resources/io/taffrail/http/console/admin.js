// Users and their rights, virtual hosts, policies, settings.

import { get, path, put, remove } from './api.js';
import { compact, number } from './format.js';
import { act, badge, confirm, empty, field, formDialog, html, nothing, table } from './ui.js';
import { nameFilter } from './queues.js';

const tagsOf = (it) => (Array.isArray(it.tags) ? it.tags : String(it.tags ?? '').split(',').filter(Boolean));

function editUser(context, user) {
  return formDialog(user ? `Change ${user.name}` : 'New user', () => html`
    ${user ? nothing : field('user', 'name', 'Name', { required: true, autocomplete: 'off' })}
    ${field('user', 'password', user ? 'New password' : 'Password', { type: 'password', required: true, autocomplete: 'new-password' })}
    ${field('user', 'tags', 'Tags', { value: user ? tagsOf(user).join(', ') : '', hint: 'management, policymaker, monitoring, administrator' })}`, user ? 'Save' : 'Create', async (it) => {
    await put(`/api/users/${path(user?.name ?? it.name)}`, { password: it.password, tags: it.tags.split(',').map((tag) => tag.trim()).filter(Boolean).join(',') });
  }).then((done) => done && context.refresh());
}

function grant(context, user, hosts) {
  return formDialog(`Rights of ${user}`, () => html`
    ${field('grant', 'vhost', 'Virtual host', { choices: hosts })}
    ${field('grant', 'configure', 'Configure', { value: '.*', hint: 'A regular expression over names' })}
    ${field('grant', 'write', 'Write', { value: '.*' })}
    ${field('grant', 'read', 'Read', { value: '.*' })}`, 'Set', async (it) => {
    await put(`/api/permissions/${path(it.vhost, user)}`, { configure: it.configure, write: it.write, read: it.read });
  }).then((done) => done && context.refresh());
}

async function deleteUser(context, name) {
  if (await confirm(`Delete ${name}?`, html`<p>The user, its rights and its sessions end at once.</p>`, 'Delete the user')) {
    await act('The user was deleted.', () => remove(`/api/users/${path(name)}`));
    context.refresh();
  }
}

export const users = {
  title: () => 'Users',
  tag: 'administrator',
  load: async () => {
    const [list, permissions, hosts] = await Promise.all([get('/api/users'), get('/api/permissions'), get('/api/vhosts')]);
    return { list, permissions, hosts: hosts.map((it) => it.name) };
  },
  render: (context, { list, permissions, hosts }) => html`<div class="head"><h1>Users</h1><span class="muted">${number(list.length)}</span><span class="space"></span>
    <button type="button" class="primary" @click=${() => editUser(context, null)}>New user</button></div>
    <div class="card">${list.length === 0 ? empty('There are no users.') : table('Users', [
    { title: 'Name', cell: (it) => it.name },
    { title: 'Tags', cell: (it) => (tagsOf(it).length ? tagsOf(it).map((tag) => badge(tag, tag === 'administrator' ? 'info' : '')) : html`<span class="muted">none</span>`) },
    { title: 'Stored', cell: (it) => (it.password_hash ? 'yes' : 'in the configuration') },
    { title: '', kind: 'actions', cell: (it) => html`<span class="row end">
      <button type="button" aria-label="Rights of ${it.name}" @click=${() => grant(context, it.name, hosts)}>Rights</button>
      <button type="button" aria-label="Change ${it.name}" @click=${() => editUser(context, it)}>Change</button>
      <button type="button" class="danger" aria-label="Delete ${it.name}" @click=${() => deleteUser(context, it.name)}>Delete</button></span>` },
  ], list, { hideCaption: true })}</div>
    <section class="card"><h2>Rights</h2>${permissions.length === 0 ? empty('No rights are stored.', 'Users of the configuration have all rights.') : table('Rights of users in virtual hosts', [
    { title: 'User', cell: (it) => it.user },
    { title: 'Virtual host', cell: (it) => it.vhost },
    { title: 'Configure', cell: (it) => html`<span class="mono">${it.configure}</span>` },
    { title: 'Write', cell: (it) => html`<span class="mono">${it.write}</span>` },
    { title: 'Read', cell: (it) => html`<span class="mono">${it.read}</span>` },
    { title: '', kind: 'actions', cell: (it) => html`<button type="button" class="danger" aria-label="Remove the rights of ${it.user} in ${it.vhost}" @click=${() => act('The rights were removed.', () => remove(`/api/permissions/${path(it.vhost, it.user)}`)).then(() => context.refresh())}>Remove</button>` },
  ], permissions, { hideCaption: true })}</section>`,
};

async function deleteHost(context, it) {
  if (await confirm(`Delete the virtual host ${it.name}?`, html`<p>All its queues with <strong>${number(it.messages ?? 0)}</strong> messages, its exchanges, bindings and rights are removed. This cannot be undone.</p>`, 'Delete the virtual host')) {
    await act('The virtual host was deleted.', () => remove(`/api/vhosts/${path(it.name)}`));
    context.refresh();
  }
}

export const vhosts = {
  title: () => 'Virtual hosts',
  every: 5000,
  load: () => get('/api/vhosts'),
  render: (context, list) => html`<div class="head"><h1>Virtual hosts</h1><span class="muted">${number(list.length)}</span><span class="space"></span>
    ${context.has('administrator') ? html`<button type="button" class="primary" @click=${() => formDialog('New virtual host', () => html`
      ${field('vhost', 'name', 'Name', { required: true })}
      ${field('vhost', 'type', 'Type of queues that name none', { choices: [['', 'Default'], 'classic', 'quorum', 'stream'] })}`, 'Create', (it) => put(`/api/vhosts/${path(it.name)}`, it.type ? { default_queue_type: it.type } : {})).then((done) => done && context.refresh())}>New virtual host</button>` : nothing}</div>
    <div class="card">${table('Virtual hosts', [
    { title: 'Name', cell: (it) => html`<a href="#/queues?vhost=${path(it.name)}">${it.name}</a>` },
    { title: 'Ready', kind: 'num', cell: (it) => compact(it.messages_ready ?? 0) },
    { title: 'Unacked', kind: 'num', cell: (it) => compact(it.messages_unacknowledged ?? 0) },
    { title: '', kind: 'actions', cell: (it) => (context.has('administrator') ? html`<button type="button" class="danger" aria-label="Delete the virtual host ${it.name}" @click=${() => deleteHost(context, it)}>Delete</button>` : nothing) },
  ], list, { hideCaption: true })}</div>`,
};

function editPolicy(context, hosts, it) {
  return formDialog(it ? `Change ${it.name}` : 'New policy', () => html`
    ${it ? nothing : field('policy', 'vhost', 'Virtual host', { choices: hosts })}
    ${it ? nothing : field('policy', 'name', 'Name', { required: true })}
    ${field('policy', 'pattern', 'Names that match', { required: true, value: it?.pattern ?? '', hint: 'A regular expression' })}
    ${field('policy', 'apply', 'Applies to', { choices: ['all', 'queues', 'exchanges', 'classic_queues', 'quorum_queues', 'streams'], value: it?.['apply-to'] ?? 'queues' })}
    ${field('policy', 'priority', 'Priority', { type: 'number', value: it?.priority ?? 0 })}
    ${field('policy', 'definition', 'Definition', { lines: 5, wide: true, value: JSON.stringify(it?.definition ?? { 'message-ttl': 60000 }, null, 2), hint: 'A JSON object, such as {"max-length": 1000, "dead-letter-exchange": "dead"}' })}`, 'Save', async (values) => {
    await put(`/api/policies/${path(it?.vhost ?? values.vhost, it?.name ?? values.name)}`, { pattern: values.pattern, 'apply-to': values.apply, priority: Number(values.priority), definition: JSON.parse(values.definition) });
  }).then((done) => done && context.refresh());
}

export const policies = {
  title: () => 'Policies',
  load: async () => {
    const [list, hosts] = await Promise.all([get('/api/policies'), get('/api/vhosts')]);
    return { list, hosts: hosts.map((it) => it.name) };
  },
  render: (context, { list, hosts }) => html`<div class="head"><h1>Policies</h1><span class="muted">${number(list.length)}</span><span class="space"></span>
    ${context.has('policymaker') ? html`<button type="button" class="primary" @click=${() => editPolicy(context, hosts, null)}>New policy</button>` : nothing}</div>
    <div class="card">${list.length === 0 ? empty('There are no policies.', 'A policy sets optional arguments of all queues or exchanges whose names match.') : table('Policies', [
    { title: 'Name', cell: (it) => html`${it.name} <span class="muted small">${it.vhost}</span>` },
    { title: 'Pattern', cell: (it) => html`<span class="mono">${it.pattern}</span>` },
    { title: 'Applies to', cell: (it) => it['apply-to'] },
    { title: 'Priority', kind: 'num', cell: (it) => it.priority },
    { title: 'Definition', cell: (it) => html`<span class="mono">${JSON.stringify(it.definition)}</span>` },
    { title: '', kind: 'actions', cell: (it) => (context.has('policymaker') ? html`<span class="row end">
      <button type="button" aria-label="Change ${it.name}" @click=${() => editPolicy(context, hosts, it)}>Change</button>
      <button type="button" class="danger" aria-label="Delete ${it.name}" @click=${async () => {
    if (await confirm(`Delete the policy ${it.name}?`, html`<p>Queues and exchanges that match <span class="mono">${it.pattern}</span> lose these arguments at once.</p>`, 'Delete the policy')) {
      await act('The policy was deleted.', () => remove(`/api/policies/${path(it.vhost, it.name)}`));
      context.refresh();
    }
  }}>Delete</button></span>` : nothing) },
  ], list, { hideCaption: true })}</div>`,
};

export const settings = {
  title: () => 'Settings',
  tag: 'administrator',
  load: async (context) => {
    const name = (context.query.get('name') ?? '').toLowerCase();
    const all = await get('/api/taffrail/settings');
    return all.filter((it) => it.name.includes(name) && (!context.query.get('set') || it.set));
  },
  render: (context, list) => html`<div class="head"><h1>Settings</h1><span class="muted">${number(list.length)}</span></div>
    <p class="muted">The settings in force. They are set by flags, the environment or a file at the start.</p>
    <div class="filters" role="search">${nameFilter(context, 'Name contains')}
      <div class="check"><input type="checkbox" id="only-set" ?checked=${Boolean(context.query.get('set'))} @change=${(event) => context.setQuery({ set: event.target.checked ? '1' : null })}>
      <label for="only-set">Only those that were set</label></div></div>
    <div class="card">${list.length === 0 ? empty('No such setting.') : table('Settings', [
    { title: 'Name', cell: (it) => html`<span class="mono">${it.name}</span>` },
    { title: 'Value', cell: (it) => html`<span class="mono">${it.value === '' ? html`<span class="muted">unset</span>` : it.value}</span>` },
    { title: 'From', cell: (it) => (it.set ? badge(it.origin, 'info') : html`<span class="muted">default</span>`) },
  ], list, { hideCaption: true })}</div>`,
};
