/** Invariants of categories, products and their stock. Each is a query for violations. */
export const catalogInvariants: Record<string, string> = {
  'every product has its inventory': `
    SELECT p.id::text AS broken FROM products p WHERE NOT EXISTS (SELECT FROM product_inventory i WHERE i.product_id = p.id)`,
  'a product’s stock is what its movements add up to': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE coalesce(i.stock, 0) <>
      (SELECT coalesce(sum(m.delta), 0) FROM stock_movements m WHERE m.product_id = i.product_id)`,
  'a stock is what its last movement left': `
    SELECT i.product_id::text AS broken FROM product_inventory i
    WHERE i.stock IS DISTINCT FROM (SELECT m.stock FROM stock_movements m WHERE m.product_id = i.product_id ORDER BY m.id DESC LIMIT 1)`,
  'a product’s stock covers what is sold and held': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE least(i.sold, i.held) < 0 OR i.sold + i.held > i.stock`,
  'what lists take for in stock is what is left': `
    SELECT p.id::text AS broken FROM products p JOIN product_inventory i ON i.product_id = p.id
    WHERE p.is_available <> (i.stock IS NULL OR i.sold + i.held < i.stock)`,
  'a product that was sold says when, and is not deleted': `
    SELECT p.id::text AS broken FROM products p JOIN product_inventory i ON i.product_id = p.id
    WHERE i.sold > 0 AND p.first_sold_at IS NULL OR p.first_sold_at IS NOT NULL AND p.deleted_at IS NOT NULL`,
  'a category’s counter is the number of its active products': `
    SELECT c.id::text AS broken FROM categories c WHERE c.products_count <>
      (SELECT count(*) FROM products p WHERE p.category_id = c.id AND p.status = 'active' AND p.deleted_at IS NULL)`,
  'no category is below itself': `
    SELECT c.id::text AS broken FROM categories c WHERE NOT EXISTS (
      WITH RECURSIVE tree AS (
        SELECT id FROM categories WHERE parent_id IS NULL UNION SELECT d.id FROM categories d JOIN tree t ON d.parent_id = t.id
      ) SELECT FROM tree WHERE tree.id = c.id)`,
  'an image of a product is a finished file made for that': `
    SELECT m.id::text AS broken FROM product_images m LEFT JOIN files f ON f.key = m.file_key
    WHERE (f.purpose = 'product' AND f.status = 'stored') IS NOT TRUE`,
  'the download of a product is a finished file made for no other use': `
    SELECT p.id::text AS broken FROM products p LEFT JOIN files f ON f.id = p.file_id
    WHERE p.file_id IS NOT NULL AND (f.purpose = 'file' AND f.status = 'stored') IS NOT TRUE`,
};
