-- input and output
SELECT point '(1,2)', '1,2'::point, lseg '[(1,2),(3,4)]', line '{1,2,3}', line '[(0,0),(1,1)]', box '(0,0),(2,2)', path '[(0,0),(1,1)]', path '((0,0),(1,1))', polygon '((0,0),(1,1),(1,0))', circle '<(0,0),2>', point '(1e300,-0.1)', point '(NaN,Infinity)';
SELECT point '(1,2';
SELECT box '(1,2)';
SELECT line '{0,0,1}';
SELECT line '[(1,1),(1,1)]';
SELECT circle '<(0,0),-1>';
SELECT path '(1)';
SELECT polygon 'x';
SELECT point '(1e400,0)';
-- constructors and casts
SELECT point(1, 2), lseg(point(0, 0), point(1, 1)), line(point(0, 0), point(1, 1)), box(point(0, 2), point(1, 1)), circle(point(0, 0), 2), path(polygon '((0,0),(1,1),(1,0))'), polygon(box '(0,0),(1,1)'), polygon(4, circle '<(0,0),1>'), circle(box '(0,0),(2,2)'), box(circle '<(0,0),1>'), box(point '(1,1)'), polygon(path '((0,0),(1,1))');
SELECT line(point(0, 0), point(0, 0));
SELECT polygon(path '[(0,0),(1,1)]');
SELECT polygon(0, circle '<(0,0),1>');
SELECT polygon(5, circle '<(0,0),0>');
SELECT (box '(0,0),(2,2)')::point, (lseg '[(0,0),(2,2)]')::point, (polygon '((0,0),(2,2),(2,0))')::box, (circle '<(1,1),2>')::point, (box '(0,0),(2,2)')::circle, (polygon '((0,0),(2,0),(2,2),(0,2))')::circle, (point '(1,1)')::box, (box '(0,0),(1,1)')::lseg;
SELECT (point '(1,2)')::text, (box '(0,0),(1,1)')::text;
SELECT (point '(1,2)')::circle;
SELECT polygon(circle '<(0,0),1>');
-- functions
SELECT area(box '(0,0),(2,3)'), area(circle '<(0,0),2>'), area(path '((0,0),(0,1),(1,1))'), area(path '[(0,0),(1,1)]'), center(box '(0,0),(1,3)'), diagonal(box '(0,0),(1,3)'), diameter(circle '<(0,0),2>'), radius(circle '<(0,0),2>'), height(box '(0,0),(1,3)'), width(box '(0,0),(1,3)');
SELECT isclosed(path '((0,0),(1,1))'), isopen(path '((0,0),(1,1))'), length(path '((0,0),(3,4))'), length(lseg '[(0,0),(3,4)]'), npoints(path '[(0,0),(1,1)]'), npoints(polygon '((0,0),(1,1),(2,2))'), pclose(path '[(0,0),(1,1)]'), popen(path '((0,0),(1,1))'), slope(point(0, 0), point(2, 1)), slope(point(0, 0), point(0, 1)), bound_box(box '(0,0),(1,1)', box '(3,3),(4,4)');
-- operators
SELECT point(1, 2) + point(3, 4), point(1, 2) - point(3, 4), point(1, 2) * point(3, 4), point(1, 2) / point(3, 4), box '(0,0),(1,1)' + point(2, 0), box '(0,0),(1,1)' * point(2, 0), path '[(0,0),(1,1)]' + path '[(2,2),(3,3)]', path '((0,0),(1,1))' + point(1, 1), circle '<(0,0),1>' * point(2, 0), @-@ path '((0,0),(1,0))', @@ box '(0,0),(2,2)', # path '((0,0),(1,0))', lseg '[(0,0),(1,1)]' # lseg '[(1,0),(0,1)]', box '(0,0),(2,2)' # box '(1,1),(3,3)', point(0, 0) ## lseg '[(2,0),(0,2)]';
SELECT point(1, 2) / point(0, 0);
SELECT point(0, 0) <-> point(3, 4), point(0, 0) <-> box '(1,1),(2,2)', circle '<(0,0),1>' <-> circle '<(5,0),1>', point(0, 0) <-> lseg '[(1,0),(0,1)]', line '{1,0,-2}' <-> point(0, 0), polygon '((0,0),(1,1),(1,0))' <-> point(5, 0), path '[(0,0),(1,0)]' <-> path '[(0,2),(1,2)]', lseg '[(0,0),(1,0)]' <-> box '(2,2),(3,3)';
SELECT circle '<(0,0),2>' @> point(1, 1), point(1, 1) <@ circle '<(0,0),2>', box '(0,0),(2,2)' @> point(1, 1), polygon '((0,0),(4,0),(4,4),(0,4))' @> polygon '((1,1),(2,1),(2,2))', polygon '((0,0),(4,0),(4,4),(0,4))' @> point(5, 5), point(1, 1) <@ lseg '[(0,0),(2,2)]', lseg '[(0,0),(1,1)]' <@ line '{1,-1,0}', box '(0,0),(1,1)' <@ box '(0,0),(2,2)';
SELECT box '(0,0),(1,1)' && box '(1,1),(2,2)', circle '<(0,0),1>' && circle '<(3,0),1>', polygon '((0,0),(2,2),(2,0))' && polygon '((1,1),(3,3),(3,1))', box '(0,0),(1,1)' << box '(2,2),(3,3)', circle '<(5,0),1>' >> circle '<(0,0),1>', box '(0,0),(1,1)' <<| box '(0,3),(1,4)', polygon '((0,5),(1,6),(2,5))' |>> polygon '((0,0),(1,1),(2,0))', box '(0,0),(1,1)' &< box '(0,0),(2,2)', point(0, 0) << point(1, 0), point(0, 1) |>> point(0, 0), point(0, 0) <<| point(0, 1);
SELECT lseg '[(-1,0),(1,0)]' ?# box '(-2,-2),(2,2)', ?- lseg '[(-1,0),(1,0)]', point(1, 0) ?- point(0, 0), ?| lseg '[(0,-1),(0,1)]', point(0, 1) ?| point(0, 0), lseg '[(0,0),(0,1)]' ?-| lseg '[(0,0),(1,0)]', lseg '[(-1,0),(1,0)]' ?|| lseg '[(-1,2),(1,2)]', line '{1,2,3}' ?# line '{2,4,5}';
SELECT point(1, 2) ~= point(1, 2.0000001), point(1, 2) <> point(1, 3), box '(0,0),(2,2)' = box '(5,5),(1,6)', box '(0,0),(2,2)' ~= box '(5,5),(1,6)', circle '<(0,0),2>' = circle '<(9,9),2>', circle '<(0,0),2>' < circle '<(0,0),3>', lseg '[(0,0),(3,4)]' > lseg '[(0,0),(1,1)]', path '((0,0),(1,1))' = path '((5,5),(6,6))', polygon '((0,0),(1,1),(1,0))' ~= polygon '((1,1),(1,0),(0,0))', line '{1,2,3}' = line '{2,4,6}', lseg '[(0,0),(1,1)]' = lseg '[(0,0),(1,1)]';
SELECT point(1, 2) = point(1, 2);
SELECT point(1, 2) < point(1, 3);
SELECT polygon '((0,0),(1,1))' = polygon '((0,0),(1,1))';
-- subscripts
SELECT (point(1.5, 2))[0], (point(1.5, 2))[1], (point(1.5, 2))[2], (box '(0,0),(2,3)')[0], (box '(0,0),(2,3)')[1], (lseg '[(0,0),(2,3)]')[1], (line '{1,2,3}')[2], (point(1, 2))[null];
SELECT (circle '<(0,0),1>')[0];
SELECT (point(1, 2))[0:1];
-- tables
CREATE TABLE shapes (id int PRIMARY KEY, p point, b box, c circle, g polygon);
INSERT INTO shapes VALUES (1, '(0,0)', '(0,0),(1,1)', '<(0,0),1>', '((0,0),(1,1),(1,0))'), (2, '(3,4)', '(2,2),(5,5)', '<(3,4),2>', '((2,2),(5,5),(5,2))'), (3, null, null, null, null), (4, '(-1,-1)', '(-2,-2),(9,9)', '<(0,0),10>', '((-2,-2),(-2,9),(9,9),(9,-2))');
SELECT * FROM shapes ORDER BY id;
SELECT id, p <-> point(1, 1) AS d FROM shapes ORDER BY p <-> point(1, 1), id;
SELECT id FROM shapes WHERE b @> point(3, 3) ORDER BY id;
SELECT id FROM shapes WHERE c && circle '<(0,0),1>' ORDER BY area(c);
SELECT s.id, t.id FROM shapes s JOIN shapes t ON s.g <@ t.g ORDER BY 1, 2;
SELECT p FROM shapes ORDER BY p;
SELECT DISTINCT p FROM shapes;
SELECT p, count(*) FROM shapes GROUP BY p;
SELECT max(p) FROM shapes;
SELECT id FROM shapes WHERE p IN ('(0,0)');
SELECT b FROM shapes ORDER BY b;
CREATE INDEX shapes_p ON shapes (p);
ALTER TABLE shapes ADD UNIQUE (b);
SELECT array_agg(p ORDER BY id), array_agg(b ORDER BY id) FROM shapes;
SELECT '{"(1,2)","(3,4)"}'::point[], '{(1,1),(0,0);(2,2),(1,1)}'::box[], ARRAY[point(1, 2), point(3, 4)];
UPDATE shapes SET p = p + point(1, 1) WHERE id = 1 RETURNING p;
SELECT coalesce(p, point(0, 0)) FROM shapes ORDER BY id;
SELECT p FROM shapes WHERE id = 1 UNION ALL SELECT '(7,7)';
SELECT p FROM shapes UNION SELECT '(7,7)';
SELECT nullif(p, p) FROM shapes;
DROP TABLE shapes;
