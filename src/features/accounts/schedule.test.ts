import { describe, expect, test } from 'vitest';
import { defaultSchedule, scheduleFrom } from './schedule.ts';

const daily = { interval: 'daily' } as const;

describe('payout schedules', () => {
  const table: readonly (readonly [Parameters<typeof scheduleFrom>[0], object])[] = [
    [{ interval: 'manual' }, { interval: 'manual' }],
    [{ interval: 'weekly' }, { interval: 'weekly', weekly_anchor: 'monday', weekly_payout_days: ['monday'] }],
    [
      { interval: 'weekly', weekly_anchor: 'sunday' },
      { interval: 'weekly', weekly_anchor: 'sunday', weekly_payout_days: [] },
    ],
    [
      { interval: 'weekly', weekly_payout_days: ['tuesday', 'friday'] },
      { interval: 'weekly', weekly_anchor: 'tuesday', weekly_payout_days: ['tuesday', 'friday'] },
    ],
    [
      { interval: 'monthly', monthly_anchor: 31 },
      { interval: 'monthly', monthly_anchor: 31, monthly_payout_days: [31] },
    ],
    [{ delay_days: 5 }, { interval: 'daily', delay_days: 5 }],
    [{ delay_days: 'minimum' }, { interval: 'daily' }],
  ];
  test.each(table)('%o', (change, after) => {
    expect(scheduleFrom(change, daily, 'US')).toEqual(after);
  });

  test('an interval keeps its days until it ends', () => {
    const weekly = scheduleFrom({ interval: 'weekly', weekly_anchor: 'friday' }, daily, 'US');
    expect(weekly).toMatchObject({ weekly_anchor: 'friday' });
    if ('refused' in weekly) throw new Error('refused');
    expect(scheduleFrom({ delay_days: 4 }, weekly, 'US')).toEqual({ ...weekly, delay_days: 4 });
    expect(scheduleFrom({ interval: 'daily' }, weekly, 'US')).toEqual(daily);
  });

  test('countries offer what they do', () => {
    expect(defaultSchedule('JP')).toMatchObject({ interval: 'weekly', weekly_anchor: 'friday' });
    expect(scheduleFrom({ interval: 'daily' }, daily, 'JP')).toMatchObject({ refused: true });
    expect(scheduleFrom({ interval: 'manual' }, daily, 'BR')).toMatchObject({ refused: true });
    expect(scheduleFrom({ delay_days: 6 }, daily, 'GB')).toMatchObject({
      name: 'delay_days_out_of_range',
      error: { message: 'Invalid delay_days: must be between 7 and 31 for this account.' },
    });
  });
});
