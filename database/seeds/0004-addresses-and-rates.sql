-- Addresses of the demo accounts, and what the store charges for shipping and as tax.

INSERT INTO addresses (user_id, name, line1, line2, city, postal_code, region, country, phone, is_default)
SELECT u.id, u.first_name || ' ' || u.last_name, a.line1, a.line2, a.city, a.postal_code, a.region, a.country, a.phone, true
FROM (VALUES
  (1, 'organizer', 'Harbor Road 1', 'Second floor', 'Vienna', '1020', NULL, 'AT', '+43 1 234567'),
  (2, 'customer', 'Quay Street 12', NULL, 'Hamburg', '20457', NULL, 'DE', NULL),
  (3, 'student', 'Hudson Street 40', 'Apartment 7', 'New York', '10013', 'New York', 'US', NULL)
) AS a (position, account, line1, line2, city, postal_code, region, country, phone)
JOIN users u ON u.email = a.account || '@bilten.example'
ORDER BY a.position;

INSERT INTO tax_rates (country, region, rate) VALUES
  ('AT', NULL, 20),
  ('DE', NULL, 19),
  ('US', 'California', 7.25);

INSERT INTO shipping_options (name, countries, price, currency, free_from, max_weight_grams) VALUES
  ('Standard', '{AT,DE}', 4.90, 'EUR', 60, 10000),
  ('Express', '{AT,DE}', 12.90, 'EUR', NULL, 5000),
  ('Ground', '{US}', 6.50, 'USD', 75, 10000),
  ('International', '{AT,CH,DE,ES,FR,GB,IT,TR,US}', 19.00, NULL, NULL, 2000);
