/** Invariants of categories, products and their stock. Each is a query for violations. */
export const catalogInvariants: Record<string, string> = {
  'every product has an inventory row': `
    SELECT p.id::text AS broken FROM products p WHERE NOT EXISTS (SELECT FROM product_inventory i WHERE i.product_id = p.id)`,
  'a product’s stock equals the sum of its movements': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE coalesce(i.stock, 0) <>
      (SELECT coalesce(sum(m.delta), 0) FROM stock_movements m WHERE m.product_id = i.product_id)`,
  'a product’s stock equals the stock after its last movement': `
    SELECT i.product_id::text AS broken FROM product_inventory i
    WHERE i.stock IS DISTINCT FROM (SELECT m.stock FROM stock_movements m WHERE m.product_id = i.product_id ORDER BY m.id DESC LIMIT 1)`,
  'a product’s stock covers its sold and held units': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE least(i.sold, i.held) < 0 OR i.sold + i.held > i.stock`,
  'a product is listed as available while units are left': `
    SELECT p.id::text AS broken FROM products p JOIN product_inventory i ON i.product_id = p.id
    WHERE p.is_available <> (i.stock IS NULL OR i.sold + i.held < i.stock)`,
  'a product with sold units has the time of its first sale and is not deleted': `
    SELECT p.id::text AS broken FROM products p JOIN product_inventory i ON i.product_id = p.id
    WHERE i.sold > 0 AND p.first_sold_at IS NULL OR p.first_sold_at IS NOT NULL AND p.deleted_at IS NOT NULL`,
  'a category’s counter is the number of its active products': `
    SELECT c.id::text AS broken FROM categories c WHERE c.products_count <>
      (SELECT count(*) FROM products p WHERE p.category_id = c.id AND p.status = 'active' AND p.deleted_at IS NULL)`,
  'the category tree has no cycles': `
    SELECT c.id::text AS broken FROM categories c WHERE NOT EXISTS (
      WITH RECURSIVE tree AS (
        SELECT id FROM categories WHERE parent_id IS NULL UNION SELECT d.id FROM categories d JOIN tree t ON d.parent_id = t.id
      ) SELECT FROM tree WHERE tree.id = c.id)`,
  'a product image is a stored file for products': `
    SELECT m.id::text AS broken FROM product_images m LEFT JOIN files f ON f.key = m.file_key
    WHERE (f.purpose = 'product' AND f.status = 'stored') IS NOT TRUE`,
  'a product’s download is a stored file without another purpose': `
    SELECT p.id::text AS broken FROM products p LEFT JOIN files f ON f.id = p.file_id
    WHERE p.file_id IS NOT NULL AND (f.purpose = 'file' AND f.status = 'stored') IS NOT TRUE`,
};
