import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { Checkbox, Field, Select } from '../ui/field.js';
import { Pager, Tag } from '../ui/parts.js';
import { Picture } from '../ui/picture.js';
import { Empty } from '../ui/states.js';
import { PriceRange } from '../ui/price-range.js';

const FEW_LEFT = 10;

/** @param {{ event: import('#types').Event }} props */
function Availability({ event: { availableTickets } }) {
  const { list } = useTexts();
  const { count } = useFormat();
  if (availableTickets === null || availableTickets > FEW_LEFT) return null;
  return availableTickets === 0
    ? html`<${Tag} tone="bad">${list.soldOut}<//>`
    : html`<${Tag} tone="warn">${list.fewLeft(count(availableTickets))}<//>`;
}

/** @param {{ event: import('#types').Event, isFirst: boolean, hasProducts: boolean }} props */
function EventCard({ event, isFirst, hasProducts }) {
  const { list } = useTexts();
  const { dayAndTime } = useFormat();
  return html`<li class="event">
    ${
      event.coverImageUrl
        ? html`<${Picture}
            url=${event.coverImageUrl}
            sizes="(max-width: 680px) calc(100vw - 34px), (max-width: 1010px) 46vw, 355px"
            width=${640}
            height=${360}
            isFirst=${isFirst}
          />`
        : html`<div class="cover none" aria-hidden="true"></div>`
    }
    <div class="event-text">
      <p class="when"><time datetime=${event.startDate}>${dayAndTime(event.startDate, event.timezone)}</time></p>
      <h2><a href=${`/e/${event.id}`}>${event.title}</a></h2>
      <p class="muted">${event.venueName ?? ''}</p>
      ${
        hasProducts &&
        html`<p>
          <a class="above" href=${`/shop?event=${event.id}`}>${list.shop}<span class="unseen"> ${event.title}</span></a>
        </p>`
      }
      <p class="event-foot"><${PriceRange} event=${event} /> <${Availability} event=${event} /></p>
    </div>
  </li>`;
}

/** @param {{ query: any, categories: any[] }} props */
function Filters({ query, categories }) {
  const { list } = useTexts();
  const { count } = useFormat();
  /** @type {[string, string][]} */
  const options = [
    ['', list.allCategories],
    ...categories.map((each) => /** @type {[string, string]} */ ([each.name, `${each.name} (${count(each.count)})`])),
  ];
  return html`<form class="filters card" method="get" action="/" role="search" aria-label=${list.filters}>
    <${Field}
      class="wide"
      label=${list.search}
      name="search"
      type="search"
      value=${query.search}
      placeholder=${list.searchHint}
    />
    <${Select} label=${list.category} name="category" options=${options} value=${query.category ?? ''} />
    <${Field} label=${list.from} name="from" type="date" value=${query.from} />
    <${Field} label=${list.to} name="to" type="date" value=${query.to} />
    <${Select}
      label=${list.price}
      name="price"
      value=${query.price ?? ''}
      options=${[
        ['', list.anyPrice],
        ['free', list.free],
        ['paid', list.paid],
      ]}
    />
    <${Checkbox} label=${list.onlyAvailable} name="available" value="true" checked=${query.available === 'true'} />
    <button class="primary" type="submit">${list.show}</button>
  </form>`;
}

/** @param {Record<string, string>} query */
function toHref(query) {
  const set = Object.entries(query).filter(([, value]) => value);
  return set.length > 0 ? `/?${new URLSearchParams(set)}` : '/';
}

/** What is on: the events that are published and not over, with search and filters that work without scripts. @param {{ events: any[], pagination: any, categories: any[], query: Record<string, string>, withProducts: number[] }} props `withProducts`: the events that there are products of */
export function WhatIsOnPage({ events, pagination, categories, query, withProducts }) {
  const { list } = useTexts();
  const { count } = useFormat();
  const isFiltered = Object.values(query).some(Boolean);
  return html`<div class="head"><h1>${list.title}</h1></div>
    <${Filters} query=${query} categories=${categories} />
    <p class="muted" role="status">
      ${list.found(pagination.total, `${count(pagination.total)}${pagination.totalCapped ? '+' : ''}`)}
    </p>
    ${
      events.length === 0
        ? html`<${Empty} text=${isFiltered ? list.nothingFound : list.nothingOn}>
            ${isFiltered && html`<p><a class="button" href="/">${list.showAll}</a></p>`}
          <//>`
        : html`<ul class="events">
            ${events.map(
              (event, index) =>
                html`<${EventCard}
                  key=${event.id}
                  event=${event}
                  isFirst=${index === 0}
                  hasProducts=${withProducts.includes(event.id)}
                />`,
            )}
          </ul>`
    }
    <${Pager}
      pagination=${pagination}
      href=${(/** @type {number} */ page) => toHref({ ...query, page: page > 1 ? String(page) : '' })}
    />`;
}
