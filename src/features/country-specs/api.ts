import { Refused } from '../../api/errors.ts';
import { listOf, paging } from '../../api/list.ts';
import { form } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import { type Route, read } from '../../api/route.ts';
import { isCountry } from '../../data/countries.ts';
import { refuse } from '../../kernel/refusal.ts';
import { countrySpecs, countrySpecWire } from './wire.ts';

export const routes: readonly Route[] = [
  read('/v1/country_specs', {
    tier: 3,
    summary: 'Every country that an account may be in, in the order of their codes.',
    params: form(paging),
    handler: async (read, place) => {
      const page = pageOfParts(countrySpecs(), () => true, place, 'country spec');
      return listOf(read.path, page.items, page.hasMore);
    },
  }),
  read('/v1/country_specs/:country', {
    tier: 3,
    summary: 'One country that an account may be in.',
    handler: async (_, { country }) => {
      const code = country.toUpperCase();
      if (isCountry(code)) return countrySpecWire(code);
      throw new Refused(refuse('no_such_in_path', { object: 'country spec', id: country, param: 'country' }));
    },
  }),
];
