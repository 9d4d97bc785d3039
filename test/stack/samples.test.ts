import { expect, test } from 'vitest'

import { openMetricsLines, otlpRequest } from './samples.ts'

const series = [
  {
    name: 'memory',
    labels: { pod: 'a"b\\c\nd', zone: 'x' },
    samples: [
      [1_700_000_000, 1.5],
      [1_700_000_060.25, NaN],
      [1_700_000_120, -Infinity],
    ] as const,
  },
]

test('OpenMetrics has one line for each sample and ends with a mark', () => {
  const labels = String.raw`memory{pod="a\"b\\c\nd",zone="x"}`
  expect([...openMetricsLines(series)].join('')).toBe(
    `${labels} 1.5 1700000000\n${labels} NaN 1700000060.25\n${labels} -Inf 1700000120\n# EOF\n`,
  )
})

test('OTLP has times in nanoseconds as text, and text for what JSON numbers can not say', () => {
  expect(otlpRequest(series)).toMatchObject({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'memory',
                gauge: {
                  dataPoints: [
                    { timeUnixNano: '1700000000000000000', asDouble: 1.5 },
                    { timeUnixNano: '1700000060250000000', asDouble: 'NaN' },
                    { timeUnixNano: '1700000120000000000', asDouble: '-Infinity' },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  })
})
