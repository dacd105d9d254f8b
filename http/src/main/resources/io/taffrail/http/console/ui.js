// Parts that all pages share.

import { html, nothing, render } from './vendor/lit-html.js';

export { html, nothing, render };

/** A short message that disappears, and is read out. */
export function announce(text, bad = false) {
  const toast = document.createElement('div');
  toast.className = bad ? 'toast bad' : 'toast';
  toast.textContent = text;
  const box = document.getElementById('announcer');
  box.append(toast);
  while (box.children.length > 4) {
    box.firstElementChild.remove();
  }
  setTimeout(() => toast.remove(), bad ? 9000 : 4500);
}

export const badge = (text, kind = '') => html`<span class="badge ${kind}">${text}</span>`;

export const empty = (title, text = '') => html`
  <div class="empty"><strong>${title}</strong>${text}</div>`;

export const failure = (problem) => html`
  <div class="note bad" role="alert"><strong>That did not work.</strong> ${problem.message}</div>`;

/** A labelled value. */
export const tile = (label, value, more = '') => html`
  <li class="tile"><div class="label">${label}</div><div class="value">${value}</div>
    ${more ? html`<div class="more">${more}</div>` : nothing}</li>`;

export const facts = (pairs) => html`
  <dl class="facts">${pairs.filter(Boolean).map(([name, value]) => html`
    <dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

let fieldIds = 0;
const ids = new Map();

/** A stable id for a field of a form, so that rendering again keeps the label's target. */
export function idOf(name) {
  if (!ids.has(name)) {
    fieldIds += 1;
    ids.set(name, `f${fieldIds}`);
  }
  return ids.get(name);
}

/** An input with its label; `form` keeps equal names of different forms apart. */
export function field(form, name, label, options = {}) {
  const id = idOf(`${form}.${name}`);
  const hint = options.hint ? html`<span class="hint" id="${id}h">${options.hint}</span>` : nothing;
  return html`
    <div class="field ${options.wide ? 'wide' : ''}">
      <label for=${id}>${label}</label>
      ${control(id, name, options)}
      ${hint}
    </div>`;
}

function control(id, name, options) {
  if (options.choices) {
    return html`<select id=${id} name=${name} @change=${options.onChange ?? nothing}>
      ${options.choices.map((choice) => {
    const [value, text] = Array.isArray(choice) ? choice : [choice, choice];
    return html`<option value=${value} ?selected=${value === options.value}>${text}</option>`;
  })}</select>`;
  }
  if (options.lines) {
    return html`<textarea id=${id} name=${name} rows=${options.lines} spellcheck="false"
      ?required=${options.required}>${options.value ?? ''}</textarea>`;
  }
  return html`<input id=${id} name=${name} type=${options.type ?? 'text'}
    value=${options.value ?? ''} ?required=${options.required}
    autocomplete=${options.autocomplete ?? 'off'} min=${options.min ?? nothing}
    placeholder=${options.placeholder ?? nothing} list=${options.list ?? nothing}
    aria-describedby=${options.hint ? `${id}h` : nothing}
    @input=${options.onInput ?? nothing}>`;
}

export function check(form, name, label, checked = false) {
  const id = idOf(`${form}.${name}`);
  return html`<div class="check"><input type="checkbox" id=${id} name=${name} ?checked=${checked}>
    <label for=${id}>${label}</label></div>`;
}

export const values = (form) => Object.fromEntries(new FormData(form).entries());

/**
 * A table. A column has a title, a cell (a function of the row) and perhaps a value to sort by.
 */
export function table(caption, columns, rows, options = {}) {
  const sort = options.sort;
  let list = rows;
  if (sort && sort.key !== null && sort.key !== undefined && columns[sort.key]?.value) {
    const { value } = columns[sort.key];
    list = [...rows].sort((one, other) => compare(value(one), value(other)) * (sort.down ? -1 : 1));
  }
  return html`<div class="scroll" tabindex=${options.focus ? '0' : nothing}><table>
    <caption class=${options.hideCaption ? 'visually-hidden' : ''}>${caption}</caption>
    <thead><tr>${columns.map((column, index) => heading(column, index, sort))}</tr></thead>
    <tbody>${list.map((row) => html`<tr>${columns.map((column, index) => (index === 0
    ? html`<th scope="row">${column.cell(row)}</th>`
    : html`<td class=${column.kind ?? ''}>${column.cell(row)}</td>`))}</tr>`)}</tbody>
  </table></div>`;
}

function heading(column, index, sort) {
  const kind = column.kind === 'num' ? 'num' : '';
  if (!sort || !column.value) {
    return html`<th scope="col" class=${kind}>${column.title || html`<span
      class="visually-hidden">Actions</span>`}</th>`;
  }
  const state = sort.key === index ? (sort.down ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" class=${kind} aria-sort=${state}><button type="button" class="sort"
    @click=${() => {
    sort.down = sort.key === index ? !sort.down : column.kind === 'num';
    sort.key = index;
    sort.changed();
  }}>${column.title}</button></th>`;
}

function compare(one, other) {
  if (typeof one === 'number' && typeof other === 'number') {
    return one - other;
  }
  return String(one ?? '').localeCompare(String(other ?? ''), 'en', { numeric: true });
}

/**
 * Opens a dialog. `content` makes its content from a function that closes it; the promise has the
 * value given to that function, or undefined after Escape. The focus returns to where it was.
 */
export function dialog(title, content) {
  const before = document.activeElement;
  const element = document.createElement('dialog');
  element.setAttribute('aria-labelledby', 'dialog-title');
  document.getElementById('dialogs').append(element);
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      element.close();
    };
    const draw = () => render(html`<h2 id="dialog-title">${title}</h2>${content(close, draw)}`,
      element);
    draw();
    element.addEventListener('close', () => {
      element.remove();
      if (before?.isConnected) {
        before.focus();
      }
      resolve(result);
    });
    element.showModal();
    element.querySelector('[autofocus]')?.focus();
  });
}

/** Asks before something that cannot be undone; true if confirmed. */
export function confirm(title, text, action, danger = true) {
  return dialog(title, (close) => html`
    <div>${text}</div>
    <div class="row end">
      <button type="button" autofocus @click=${() => close(false)}>Cancel</button>
      <button type="button" class=${danger ? 'danger' : 'primary'}
        @click=${() => close(true)}>${action}</button>
    </div>`).then(Boolean);
}

/**
 * Opens a dialog with a form; `save` gets the values, and a refusal is shown in the dialog.
 * True if it was saved.
 */
export function formDialog(title, fields, action, save) {
  let problem = '';
  let busy = false;
  return dialog(title, (close, draw) => html`
    <form class="fields" @submit=${async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    problem = '';
    draw();
    try {
      await save(values(event.target), event.target);
      close(true);
    } catch (refusal) {
      problem = refusal.message;
    }
    busy = false;
    draw();
  }}>
      ${fields(draw)}
      <p class="error wide" role="alert">${problem}</p>
      <div class="row end wide">
        <button type="button" @click=${() => close(false)}>Cancel</button>
        <button class="primary" ?disabled=${busy}>${action}</button>
      </div>
    </form>`).then(Boolean);
}

/** Runs an action, and tells its end or its refusal. */
export async function act(text, action) {
  try {
    const result = await action();
    announce(text instanceof Function ? text(result) : text);
    return true;
  } catch (problem) {
    announce(problem.message, true);
    return false;
  }
}
