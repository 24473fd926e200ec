interface PageRequest {
  page: number;
  limit: number;
}

export function getOffset({ page, limit }: PageRequest): number {
  return (page - 1) * limit;
}

/** A list's answer; `bound` is where its counting stops, if it does. */
export function toPage<T>(
  data: T[],
  { page, limit }: PageRequest,
  { total, bound }: { total: number; bound?: number },
) {
  const totalCapped = bound !== undefined && total >= bound;
  return { data, pagination: { page, limit, total, pages: Math.ceil(total / limit), totalCapped } };
}
