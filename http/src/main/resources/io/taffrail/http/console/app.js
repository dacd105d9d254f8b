// The frame: login, navigation, pages by the fragment of the address, keyboard, live updates.

import * as api from './api.js';
import { pages } from './pages.js';
import { announce, dialog, failure, html, nothing, render } from './ui.js';

const app = document.getElementById('app');
const state = {
  session: null, page: null, params: [], query: new URLSearchParams(), data: null, problem: null,
  menu: false, online: true, paused: false, loading: false, updated: 0,
};

const groups = [
  ['', [['overview', 'Overview']]],
  ['Messages', [['queues', 'Queues'], ['exchanges', 'Exchanges'], ['topics', 'Topics'],
    ['groups', 'Consumer groups'], ['delayed', 'Delayed'], ['dead-letters', 'Dead letters'], ['jobs', 'Jobs']]],
  ['Clients', [['connections', 'Connections'], ['channels', 'Channels'],
    ['consumers', 'Consumers']]],
  ['Administration', [['users', 'Users'], ['vhosts', 'Virtual hosts'], ['policies', 'Policies'],
    ['settings', 'Settings']]],
];

export function go(hash) {
  window.location.hash = hash;
}

/** What a page can use. */
const context = {
  get session() {
    return state.session;
  },
  get query() {
    return state.query;
  },
  has: (tag) => state.session?.tags.some((it) => it === 'administrator' || it === tag),
  refresh: () => refresh(),
  /** Whether the page shows one object. */
  get isOne() {
    return state.params.length > 0;
  },
  draw: () => draw(),
  go,
  /** Changes the query of the address, so that a link and the back button find the same view. */
  setQuery(changes, replace = true) {
    const query = new URLSearchParams(state.query);
    Object.entries(changes).forEach(([name, value]) => {
      if (value === '' || value === null || value === undefined) {
        query.delete(name);
      } else {
        query.set(name, value);
      }
    });
    const hash = `#/${[state.page.name, ...state.params.map(encodeURIComponent)].join('/')}`
      + `${[...query].length ? `?${query}` : ''}`;
    state.query = query;
    if (replace) {
      history.replaceState(null, '', hash);
      refresh();
    } else if (window.location.hash === hash) {
      refresh();
    } else {
      window.location.hash = hash;
    }
  },
};

// Theme: the system's, until somebody chooses.
function theme() {
  return localStorage.getItem('taffrail.theme') ?? 'auto';
}

function applyTheme() {
  if (theme() === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme();
  }
}

function isDark() {
  return theme() === 'dark'
    || (theme() === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
}

function switchTheme() {
  localStorage.setItem('taffrail.theme', isDark() ? 'light' : 'dark');
  applyTheme();
  document.dispatchEvent(new Event('themechange'));
  draw();
}

function draw() {
  if (!state.session) {
    render(login(), app);
    document.title = 'Log in · Taffrail';
    return;
  }
  render(frame(), app);
  document.title = `${state.page.title(state.params)} · Taffrail`;
}

let loginProblem = '';
let loggingIn = false;

function login() {
  return html`<main id="main" class="login" tabindex="-1">
    <form class="card" @submit=${logIn}>
      <h1 class="brand"><img src="/console/icon.svg" alt="">Taffrail</h1>
      <div class="field"><label for="user">User</label>
        <input id="user" name="user" autocomplete="username" required autofocus
          autocapitalize="none" spellcheck="false"></div>
      <div class="field"><label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password"
          required></div>
      <p class="error" role="alert">${loginProblem}</p>
      <button class="primary" ?disabled=${loggingIn}>${loggingIn ? 'Checking…' : 'Log in'}</button>
    </form></main>`;
}

async function logIn(event) {
  event.preventDefault();
  const form = event.target;
  loggingIn = true;
  loginProblem = '';
  draw();
  try {
    state.session = await api.logIn(form.user.value, form.password.value);
    form.reset();
  } catch (problem) {
    loginProblem = problem.status === 401 && problem.message === 'Login failed'
      ? 'The user or the password is wrong.' : problem.message;
  }
  loggingIn = false;
  if (state.session) {
    route();
  } else {
    draw();
    app.querySelector('#password')?.focus();
  }
}

async function logOut() {
  try {
    await api.logOut();
  } catch (problem) {
    announce(problem.message, true);
  }
  signedOut('');
}

function signedOut(reason) {
  state.session = null;
  state.data = null;
  listen();
  loginProblem = reason;
  document.getElementById('dialogs').replaceChildren();
  draw();
  app.querySelector('#user')?.focus();
}

function frame() {
  const { page } = state;
  return html`<div class="frame">
    <header class="top">
      <button type="button" class="menu-button plain" aria-expanded=${state.menu}
        aria-controls="side" @click=${() => {
    state.menu = !state.menu;
    draw();
  }}>Menu</button>
      <a class="brand" href="#/overview"><img src="/console/icon.svg" alt="">Taffrail</a>
      <span class="space"></span>
      ${liveMark()}
      <button type="button" class="plain keys" @click=${help} aria-keyshortcuts="?"
        title="Keyboard shortcuts (?)">Keys</button>
      <button type="button" class="plain" @click=${switchTheme}
        aria-label=${isDark() ? 'Switch to the light theme' : 'Switch to the dark theme'}>
        ${isDark() ? 'Light' : 'Dark'}</button>
      <span class="who muted" title="Logged in as ${state.session.user}">${state.session.user}</span>
      <button type="button" @click=${logOut}>Log out</button>
    </header>
    <div id="side" class="side ${state.menu ? 'open' : ''}">
      <nav aria-label="Pages">${groups.map(([title, items]) => html`
        ${title ? html`<div class="group">${title}</div>` : nothing}
        <ul>${items.filter(([name]) => visible(name)).map(([name, text]) => html`
          <li><a href="#/${name}" aria-current=${page.nav === name ? 'page' : nothing}>${text}</a>
          </li>`)}</ul>`)}</nav>
    </div>
    <main id="main" tabindex="-1">${content()}</main>
  </div>`;
}

function visible(name) {
  const page = pages[name];
  return page && (!page.tag || context.has(page.tag));
}

function liveMark() {
  if (!state.online) {
    return html`<span class="live off" role="status"><span>No connection</span></span>`;
  }
  return html`<button type="button" class="plain live ${state.paused ? 'paused' : ''}"
    aria-pressed=${state.paused} title="Updates of this page (p)" @click=${togglePause}>
    <span>${state.paused ? 'Paused' : 'Live'}</span></button>`;
}

function togglePause() {
  state.paused = !state.paused;
  draw();
  schedule();
}

function content() {
  const { page } = state;
  if (state.problem && !state.data) {
    return html`<div class="head"><h1>${page.title(state.params)}</h1></div>
      ${failure(state.problem)}
      <button type="button" @click=${refresh}>Try again</button>`;
  }
  if (!state.data) {
    return html`<div class="head"><h1>${page.title(state.params)}</h1></div>
      <p class="muted" aria-busy="true">Loading…</p>`;
  }
  return html`${state.problem ? failure(state.problem) : nothing}
    ${page.render(context, state.data, ...state.params)}`;
}

// Pages by the fragment: #/queues/%2F/orders?tab=messages
function route() {
  if (!state.session) {
    draw();
    return;
  }
  const [path, query] = window.location.hash.replace(/^#\/?/, '').split('?');
  if (window.location.hash === '#main') {
    return;
  }
  const [name, ...parts] = path.split('/');
  let params;
  try {
    params = parts.filter((part) => part !== '').map(decodeURIComponent);
  } catch {
    params = [];
  }
  const found = pages[name || 'overview'];
  const page = found?.of ? found.of(params) : found;
  const before = state.page;
  state.page = { ...(page ?? pages.unknown), name: name || 'overview' };
  state.page.nav = name || 'overview';
  const moved = before?.name !== state.page.name
    || JSON.stringify(params) !== JSON.stringify(state.params);
  state.params = params;
  state.query = new URLSearchParams(query ?? '');
  state.menu = false;
  if (moved) {
    state.data = null;
    state.problem = null;
    window.scrollTo(0, 0);
  }
  draw();
  if (moved && before) {
    document.getElementById('main')?.focus({ preventScroll: true });
  }
  refresh();
}

let timer = 0;
let turn = 0;

async function refresh() {
  if (!state.session || !state.page) {
    return;
  }
  turn += 1;
  const mine = turn;
  clearTimeout(timer);
  try {
    const data = await state.page.load(context, ...state.params);
    if (mine !== turn) {
      return;
    }
    state.data = data;
    state.problem = null;
    state.online = true;
    state.updated = Date.now();
  } catch (problem) {
    if (mine !== turn || !state.session) {
      return;
    }
    if (!(problem instanceof api.Problem)) {
      console.error(problem);
    }
    state.problem = problem;
    state.online = problem.status !== 0;
    state.updated = Date.now();
  }
  draw();
  schedule();
}

/** Time without news after which a page is loaded again: ages grow while nothing changes. */
const QUIET_MS = 15000;

let source = null;
let news = false;

/** The stream of changes; open while somebody looks. */
function listen() {
  const wanted = state.session && !state.paused && !document.hidden;
  if (!wanted && source) {
    source.close();
    source = null;
  } else if (wanted && !source) {
    source = new EventSource('/api/taffrail/live');
    source.addEventListener('change', () => {
      news = true;
      if (!state.online) {
        refresh();
      } else {
        schedule();
      }
    });
    source.addEventListener('error', () => {
      state.online = false;
      draw();
      if (source.readyState === EventSource.CLOSED) {
        source = null;
        timer = setTimeout(refresh, 5000);
      }
    });
  }
}

/** The one timer of the page; none runs while nobody looks. */
function schedule() {
  clearTimeout(timer);
  listen();
  const { page } = state;
  if (!page?.every || state.paused || document.hidden || !state.session) {
    return;
  }
  const due = state.updated + (news ? page.every : QUIET_MS) - Date.now();
  const next = page.tick ? Math.min(due, page.every) : due;
  timer = setTimeout(() => {
    if (Date.now() >= state.updated + (news ? page.every : QUIET_MS) - 50) {
      news = false;
      refresh();
    } else {
      page.tick(state.data);
      draw();
      schedule();
    }
  }, Math.max(100, next));
}

const shortcuts = [
  ['g o', 'Overview', 'overview'], ['g q', 'Queues', 'queues'], ['g e', 'Exchanges', 'exchanges'],
  ['g t', 'Topics', 'topics'], ['g g', 'Consumer groups', 'groups'], ['g d', 'Dead letters', 'dead-letters'],
  ['g l', 'Delayed messages', 'delayed'], ['g c', 'Connections', 'connections'],
  ['g j', 'Jobs', 'jobs'], ['g u', 'Users', 'users'], ['g s', 'Settings', 'settings'],
];

function help() {
  dialog('Keyboard shortcuts', (close) => html`
    ${html`<dl class="facts">
      <dt><kbd>/</kbd></dt><dd>Go to the filter of the page</dd>
      <dt><kbd>r</kbd></dt><dd>Load the page again</dd>
      <dt><kbd>p</kbd></dt><dd>Pause or resume live updates</dd>
      <dt><kbd>t</kbd></dt><dd>Light or dark</dd>
      <dt><kbd>Esc</kbd></dt><dd>Close a dialog</dd>
      ${shortcuts.map(([keys, text]) => html`<dt><kbd>${keys}</kbd></dt><dd>${text}</dd>`)}
    </dl>`}
    <div class="row end"><button type="button" autofocus @click=${() => close()}>Close</button></div>`);
}

let first = '';

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, dialog');
  if (!state.session || typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const keys = first ? `${first} ${event.key}` : event.key;
  first = '';
  const place = shortcuts.find(([combination]) => combination === keys);
  if (place) {
    event.preventDefault();
    go(`#/${place[2]}`);
  } else if (keys === '/') {
    const filter = document.querySelector('main input[type="search"], main input');
    if (filter) {
      event.preventDefault();
      filter.focus();
    }
  } else if (keys === '?') {
    event.preventDefault();
    help();
  } else if (keys === 'r') {
    refresh();
  } else if (keys === 'p') {
    togglePause();
  } else if (keys === 't') {
    switchTheme();
  } else if (keys === 'g') {
    first = 'g';
    setTimeout(() => {
      first = '';
    }, 1500);
  }
});

window.addEventListener('hashchange', route);
document.addEventListener('visibilitychange', () => (document.hidden ? schedule() : refresh()));
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main')?.focus();
});
api.onSignedOut(() => {
  if (state.session) {
    signedOut('The session has ended. Please log in again.');
  }
});

applyTheme();
try {
  state.session = await api.resume();
} catch (problem) {
  loginProblem = problem.message;
}
route();
