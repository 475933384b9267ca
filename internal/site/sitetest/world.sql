-- A fictitious election: three municipios, two districts, seven who nominate.
-- Everybody here is invented. Ballot ranks are what publishing would compute, in
-- round numbers; search_text is the folded name and nickname.
INSERT INTO site.institution (name, acronym, place, address, email)
VALUES ('Instituto Electoral Ficticio', 'IEF', 'Ficticia', 'Calle Inexistente 0, Arroyo Hondo', 'contacto@ejemplo.invalid');

INSERT INTO site.processes (id, key, name, kind, demo, election_day, campaigns_end_at, publication_starts_at, published_at, site_until, curricular_version, source, created_at) VALUES
(1, 'demostracion-2027', 'Proceso de demostración 2027', 'eleccion', true, '2027-06-06', '2027-06-03 00:00-06', '2027-03-28 00:00-06', '2027-03-28 00:00-06', NULL, '1', '', '2027-01-10'),
(2, 'archivo-2022', 'Locales 2022', 'consulta', false, '2022-06-05', NULL, '2022-04-01 00:00-06', '2022-04-01 00:00-06', NULL, '1', 'Instituto Federal Ficticio', '2027-02-01'),
(3, 'eleccion-2030', 'Elección local 2030', 'eleccion', false, '2030-06-02', '2030-05-30 00:00-06', '2030-04-01 00:00-06', NULL, NULL, '1', '', '2027-03-01');

INSERT INTO site.states (id, process_id, name) VALUES (1, 1, 'Ficticia'), (2, 2, 'Durango Ficticio'), (3, 2, 'Quintana Ficticia');

INSERT INTO site.districts (id, process_id, state_id, number, seat) VALUES
(1, 1, 1, 1, 'Arroyo Hondo'), (2, 1, 1, 2, 'Cerro Alto'),
(3, 2, 2, 1, 'DURANGO'), (4, 2, 3, 1, 'KANTUNILKIN'), (5, 2, 3, 15, 'CHETUMAL');

INSERT INTO site.municipalities (id, process_id, state_id, code, name, by_parties, tile_column, tile_row, tile_label) VALUES
(1, 1, 1, '99001', 'Arroyo Hondo', true, 1, 1, 'AHO'), (2, 1, 1, '99002', 'Cerro Alto', true, 2, 1, 'CAL'), (3, 1, 1, '99003', 'Ojo de Agua', false, 2, 2, 'OJO'),
(4, 2, 2, 'canelas', 'CANELAS', true, NULL, NULL, ''), (5, 2, 3, 'tulum', 'TULUM', true, NULL, NULL, '');

INSERT INTO site.precincts (process_id, number, municipality_id, district_id) VALUES
(1, 1, 1, 1), (1, 2, 1, 1), (1, 148, 2, 1), (1, 149, 2, 2), (1, 150, 2, 2), (1, 970, 3, 2);

INSERT INTO site.offices (id, process_id, key, name, ine_label, ambit, listed, ballot_order, description) VALUES
(1, 1, 'gubernatura', 'Gubernatura', 'GUBERNATURA', 'estado', false, 1, 'Una persona titular del Poder Ejecutivo del estado.'),
(2, 1, 'diputacion_mr', 'Diputación por distrito', 'DIPUTACIÓN LOCAL MR', 'distrito', false, 2, 'Mayoría relativa: gana quien obtiene más votos en tu distrito.'),
(3, 1, 'diputacion_rp', 'Diputación de lista', 'DIPUTACIÓN LOCAL RP', 'circunscripcion', true, 3, 'Representación proporcional: se asignan según la votación estatal.'),
(4, 1, 'presidencia', 'Presidencia municipal', 'PRESIDENCIA MUNICIPAL', 'municipio', false, 4, 'Encabeza el ayuntamiento.'),
(5, 1, 'sindicatura', 'Sindicatura', 'SINDICATURA', 'municipio', false, 5, 'Representa legalmente al municipio.'),
(6, 1, 'regiduria', 'Regiduría', 'REGIDURÍA', 'municipio', true, 6, 'Vigila los servicios del municipio.'),
(7, 2, 'diputacion_mr', 'Diputación local MR', 'DIPUTACIÓN LOCAL MR', 'distrito', false, 2, ''),
(8, 2, 'presidencia', 'Presidencia municipal', 'PRESIDENCIA MUNICIPAL', 'municipio', false, 4, '');

INSERT INTO site.nominators (id, process_id, kind, acronym, name, slug, ballot_order, emblem, members) VALUES
(1, 1, 'partido', 'PH', 'Partido Horizonte', 'ph', 1, '\x89504e470d0a1a0a', '{}'),
(2, 1, 'partido', 'AT', 'Agua y Territorio', 'at', 2, NULL, '{}'),
(3, 1, 'partido', 'RC', 'Raíz Común', 'rc', 3, NULL, '{}'),
(4, 1, 'partido', 'PE', 'Partido del Encino', 'pe', 4, NULL, '{}'),
(5, 1, 'coalicion', 'JPF', 'Juntas y Juntos por Ficticia', 'jpf', 2, NULL, '{AT,RC}'),
(6, 1, 'independiente', 'IND-MUESTRA', 'Tomás Muestra Luna, candidatura independiente', 'ind-muestra', 100001, NULL, '{}'),
(7, 2, 'partido', 'MC', 'MOVIMIENTO FICTICIO', 'movimiento-ficticio', 1, NULL, '{}'),
(8, 2, 'coalicion', 'VA POR FICTICIA.', 'VA POR FICTICIA.', 'va-por-ficticia', 2, NULL, '{}');

INSERT INTO site.candidacies (id, process_id, slug, folio, name, sort_name, search_text, nickname, sex, age, office_id, state_id, district_id, municipality_id, district_label, position, role, nominator_id, siglado_id, consecutive, affirmative_actions, elected, ballot_rank, state, degree, photo_small, photo_medium, photo_large) VALUES
(1, 1, 'ximena-d-ejemplo-olmos', 'DEM-00001', 'Ximena D''Ejemplo Olmos', 'D''Ejemplo Olmos Ximena', 'ximena dejemplo olmos', '', 'mujer', 41, 1, 1, NULL, NULL, '', 1, 'propietaria', 1, NULL, false, '{}', false, 1001, 'publicada', 'licenciatura', '', '', ''),
(2, 1, 'abelardo-ejemplo-rios', 'DEM-00002', 'Abelardo Ejemplo Ríos', 'Ejemplo Ríos Abelardo', 'abelardo ejemplo rios', '', 'hombre', 63, 1, 1, NULL, NULL, '', 1, 'propietaria', 5, 2, NULL, '{}', false, 1002, 'publicada', 'maestria', '', '', ''),
(3, 1, 'tomas-muestra-luna', 'DEM-00003', 'Tomás Muestra Luna', 'Muestra Luna Tomás', 'tomas muestra luna', '', 'hombre', 37, 1, 1, NULL, NULL, '', 1, 'propietaria', 6, NULL, NULL, '{}', false, 1003, 'no_respondio', '', '', '', ''),
(10, 1, 'citlali-prueba-montes', 'DEM-00010', 'Citlali Prueba Montes', 'Prueba Montes Citlali', 'citlali prueba montes maestra citlali', 'Maestra Citlali', 'mujer', 52, 2, 1, 2, NULL, '', 1, 'propietaria', 3, NULL, true, '{indigena}', false, 2201, 'publicada', 'doctorado', 'f00000000000000000000000000000000000000000000000000000000000096a', 'f00000000000000000000000000000000000000000000000000000000000192b', 'f00000000000000000000000000000000000000000000000000000000000384c'),
(11, 1, 'nadia-hipotetica-vera', 'DEM-00011', 'Nadia Hipotética Vera', 'Hipotética Vera Nadia', 'nadia hipotetica vera', '', 'mujer', 29, 2, 1, 2, NULL, '', 1, 'suplente', 3, NULL, NULL, '{indigena,joven}', false, 2202, 'no_capturada', '', '', '', ''),
(12, 1, 'eleuterio-supuesto-cruz', 'DEM-00012', 'Eleuterio Supuesto Cruz', 'Supuesto Cruz Eleuterio', 'eleuterio supuesto cruz', '', 'hombre', 58, 2, 1, 2, NULL, '', 1, 'propietaria', 4, NULL, NULL, '{}', false, 2301, 'no_capturada', '', '', '', ''),
(13, 1, 'jose-angel-de-la-o-nanez', 'DEM-00013', 'José Ángel De la O Ñáñez', 'De la O Ñáñez José Ángel', 'jose angel de la o nanez', '', 'hombre', 44, 2, 1, 1, NULL, '', 1, 'propietaria', 1, NULL, NULL, '{}', false, 2101, 'publicada', 'preparatoria', '', '', ''),
(20, 1, 'renata-demostrada-salgado', 'DEM-00020', 'Renata Demostrada Salgado', 'Demostrada Salgado Renata', 'renata demostrada salgado', '', 'no_binario', 33, 4, 1, NULL, 1, '', 1, 'propietaria', 2, NULL, NULL, '{lgbttiq}', false, 4101, 'no_capturada', '', '', '', ''),
(21, 1, 'isabel-inventada-soto', 'DEM-00021', 'Isabel Inventada Soto', 'Inventada Soto Isabel', 'isabel inventada soto', '', 'mujer', 47, 5, 1, NULL, 1, '', 1, 'propietaria', 2, NULL, NULL, '{}', false, 5101, 'no_capturada', '', '', '', ''),
(22, 1, 'hugo-imaginario-paz', 'DEM-00022', 'Hugo Imaginario Paz', 'Imaginario Paz Hugo', 'hugo imaginario paz', '', 'hombre', 50, 4, 1, NULL, 2, '', 1, 'propietaria', 1, NULL, NULL, '{}', false, 4201, 'no_capturada', '', '', '', ''),
(90, 2, 'martha-archivada-lopez', '236787', 'MARTHA ARCHIVADA LOPEZ', 'MARTHA ARCHIVADA LOPEZ', 'martha archivada lopez', '', 'mujer', 37, 7, 3, 5, NULL, '15-CHETUMAL', 1, 'propietaria', 8, NULL, NULL, '{}', false, 10, 'publicada', 'Educación media superior', '', '', ''),
(91, 2, 'pedro-archivado-ruiz', '236788', 'PEDRO ARCHIVADO RUIZ', 'PEDRO ARCHIVADO RUIZ', 'pedro archivado ruiz', '', 'hombre', NULL, 7, 2, 3, NULL, '1-DURANGO', 1, 'propietaria', 7, NULL, NULL, '{}', false, 11, 'no_respondio', '', '', '', ''),
(92, 2, 'luisa-archivada-mata', '236789', 'LUISA ARCHIVADA MATA', 'LUISA ARCHIVADA MATA', 'luisa archivada mata', '', 'mujer', 55, 8, 2, NULL, 4, '', 1, 'propietaria', 7, NULL, NULL, '{}', false, 20, 'no_respondio', '', '', '', '');

-- Lists: eight places of four parties, both members of each fórmula.
INSERT INTO site.candidacies (id, process_id, slug, folio, name, sort_name, search_text, nickname, sex, age, office_id, state_id, district_id, municipality_id, district_label, position, role, nominator_id, siglado_id, consecutive, affirmative_actions, elected, ballot_rank, state, degree, photo_small, photo_medium, photo_large)
SELECT 1000 + n * 100 + k * 2 + r, 1, format('persona-lista-%s-%s-%s', n, k, r), format('DEM-%s%s%s', n, k, r), format('Persona Lista %s %s %s', n, k, r),
  format('Lista %s %s %s Persona', n, k, r), format('persona lista %s %s %s', n, k, r), '', CASE WHEN k % 2 = 0 THEN 'mujer' ELSE 'hombre' END, 20 + k * 5,
  3, 1, NULL, NULL, '', k, CASE WHEN r = 0 THEN 'propietaria' ELSE 'suplente' END, n, NULL, NULL, '{}', false, 3000 + n * 100 + k * 2 + r, 'no_capturada', '', '', '', ''
FROM generate_series(1, 4) n, generate_series(1, 8) k, generate_series(0, 1) r;

INSERT INTO site.profiles (candidacy_id, answers, number, published_on, first_published_on, source) VALUES
(1, '{"fotografia": {"estado": "no_respondio"}, "grado_estudios": {"estado": "publicada", "respuesta": "licenciatura"}, "estatus_estudios": {"estado": "publicada", "respuesta": "titulo"}, "historia_profesional": {"estado": "publicada", "respuesta": "Ingeniera de caminos imaginarios."}, "propuesta_1": {"estado": "en_revision"}, "propuesta_2": {"estado": "publicada", "respuesta": "Segunda propuesta de prueba."}, "motivo_cargo_publico": {"estado": "no_respondio"}}', 1, '2027-03-28', '2027-03-28', ''),
(2, '{"grado_estudios": {"estado": "publicada", "respuesta": "sin_estudios"}, "estatus_estudios": {"estado": "no_aplica"}, "propuesta_1": {"estado": "publicada", "respuesta": "Un fondo para reponer tubería anterior a 1980, con obras escogidas en asamblea."}, "otra_formacion": {"estado": "no_respondio"}}', 1, '2027-03-29', '2027-03-29', ''),
(10, '{"fotografia": {"estado": "publicada", "respuesta": "f00000000000000000000000000000000000000000000000000000000000384c"}, "facebook": {"estado": "publicada", "respuesta": "https://www.facebook.com/ejemplo"}, "pagina_web": {"estado": "publicada", "respuesta": "https://www.ejemplo.invalid"}, "correo_publico": {"estado": "publicada", "respuesta": ["citlali@ejemplo.invalid"]}, "telefono_publico": {"estado": "publicada", "respuesta": ["7770000000"]}, "casa_campana": {"estado": "publicada", "respuesta": [{"calle": "Calle Inexistente", "num_ext": "0", "colonia": "Centro", "cp": "62000", "municipio": "Arroyo Hondo"}]}, "grado_estudios": {"estado": "publicada", "respuesta": "doctorado"}, "estatus_estudios": {"estado": "publicada", "respuesta": "titulo"}, "otra_formacion": {"estado": "publicada", "respuesta": ["Diplomado en educación intercultural", "Curso de lengua náhuatl"]}, "historia_profesional": {"estado": "publicada", "respuesta": "Directora de la Secundaria Imaginaria.\n\nMaestra de 1996 a 2004."}, "trayectoria_politica": {"estado": "publicada", "respuesta": "Red Ficticia de Bibliotecas."}, "motivo_cargo_publico": {"estado": "publicada", "respuesta": "He dado clases treinta años."}, "propuesta_1": {"estado": "publicada", "respuesta": "Reabrir por la tarde 40 planteles <script>alert(1)</script>."}, "propuesta_2": {"estado": "publicada", "respuesta": "=Publicar cada mes el gasto."}, "propuesta_genero": {"estado": "no_respondio"}}', 2, '2027-04-02', '2027-03-28', ''),
(13, '{"grado_estudios": {"estado": "publicada", "respuesta": "preparatoria"}, "propuesta_1": {"estado": "publicada", "respuesta": "Agua para todas las colonias."}}', 1, '2027-04-01', '2027-04-01', ''),
(90, '{"grado_estudios": {"estado": "publicada", "respuesta": "Educación media superior"}, "estatus_estudios": {"estado": "publicada", "respuesta": "Trunca"}, "historia_profesional": {"estado": "publicada", "respuesta": "Historia archivada."}}', 1, '2022-05-01', '2022-05-01', 'Instituto Federal Ficticio');

INSERT INTO site.photos (hash, candidacy_id, bytes) VALUES
('f00000000000000000000000000000000000000000000000000000000000096a', 10, '\xffd8ffe0'), ('f00000000000000000000000000000000000000000000000000000000000192b', 10, '\xffd8ffe1'), ('f00000000000000000000000000000000000000000000000000000000000384c', 10, '\xffd8ffe2');

INSERT INTO site.moved (process_id, slug, candidacy_id) VALUES (1, 'citlali-preba-montes', 10);

INSERT INTO site.tombstones (process_id, slug, candidacy_id, standing, since, office_id, successor_slug, successor_name) VALUES
(1, 'ernesto-retirado-gil', 80, 'sustituida', '2027-04-03', 2, 'citlali-prueba-montes', 'Citlali Prueba Montes'),
(1, 'alma-retirada-gil', 81, 'renuncia', '2027-04-04', 3, '', '');

INSERT INTO site.notices (process_id, kind, version, markdown, acuerdo, approved_on) VALUES
(1, 'integral', 1, E'## Responsable\n\nTexto anterior.', 'CT/01/2027', '2027-02-20'),
(1, 'integral', 2, E'## Responsable\n\nInstituto Electoral Ficticio.\n\n<script>alert(1)</script>\n\n- Finalidad **necesaria**', 'CT/02/2027', '2027-03-01'),
(1, 'simplificado', 1, E'## En breve\n\nTus datos son tuyos.', 'CT/01/2027', '2027-02-20');

INSERT INTO site.changes (at, process_id, candidacy_id, kind) VALUES ('2027-03-28 00:00-06', 2, NULL, 'catalogo'), ('2027-04-06 14:30-06', 1, NULL, 'catalogo');
