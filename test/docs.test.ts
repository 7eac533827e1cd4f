import { expect, test } from 'vitest';
import { coverage, reference } from '../src/api/reference.ts';
import { secretsOf } from '../src/features/platforms/secrets.ts';
import { featuresWith } from '../src/registry.ts';

const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 }));

// `npm run golden` writes them anew; a changed route is a diff in review.
test('the coverage table says what the routes say', async () => {
  await expect(coverage(features)).toMatchFileSnapshot('../docs/api-coverage.md');
});

test('the API reference says what the routes say', async () => {
  await expect(reference(features)).toMatchFileSnapshot('../docs/api-reference.md');
});
