interface PageRequest {
  page: number;
  limit: number;
}

export function getOffset({ page, limit }: PageRequest): number {
  return (page - 1) * limit;
}

/** Returns a page of a list; `bound` is where counting stops, if it does. */
export function toPage<T>(
  data: T[],
  { page, limit }: PageRequest,
  { total, bound }: { total: number; bound?: number },
) {
  const totalCapped = bound !== undefined && total >= bound;
  return { data, pagination: { page, limit, total, pages: Math.ceil(total / limit), totalCapped } };
}
