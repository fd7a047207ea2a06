package functions

import (
	"errors"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func init() {
	types.PathRegex = func(pattern, flags string) error {
		_, err := compileRegex(pattern, pathRegexFlags(flags))
		return err
	}
}

// jsonpathRows are the path queries over jsonb. Those named _tz differ only in comparing dates, which is not supported.
func jsonpathRows() []Row {
	const args = "(jsonb,jsonpath,jsonb,boolean)"
	rs := []Row{{Sig: "jsonb_path_exists_opr(jsonb,jsonpath)", Scalar: pathExists}, {Sig: "jsonb_path_match_opr(jsonb,jsonpath)", Scalar: pathMatch}}
	for _, tz := range []string{"", "_tz"} {
		rs = append(rs,
			Row{Sig: "jsonb_path_exists" + tz + args, Scalar: pathExists}, Row{Sig: "jsonb_path_match" + tz + args, Scalar: pathMatch},
			Row{Sig: "jsonb_path_query" + tz + args, Set: pathQuery},
			Row{Sig: "jsonb_path_query_array" + tz + args, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				found, err := pathItems(a)
				return types.JSON{Kind: types.JSONArray, Elems: found}.Value(), err
			}},
			Row{Sig: "jsonb_path_query_first" + tz + args, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				found, err := pathItems(a)
				if err != nil || len(found) == 0 {
					return null, err
				}
				return found[0].Value(), nil
			}})
	}
	return rs
}

// pathArgs reads target, path, variables and silent; the operators have the first two and are silent.
func pathArgs(a []types.Value) (x *pathExec, p *types.JSONPath, err error) {
	x = &pathExec{silent: true, last: -1}
	if x.root, err = types.ReadJsonb(a[0]); err != nil {
		return nil, nil, err
	}
	if p, err = types.ReadJSONPath(a[1]); err != nil {
		return nil, nil, err
	}
	x.lax, x.tolerant = !p.Strict, !p.Strict
	if len(a) > 2 {
		if x.vars, err = types.ReadJsonb(a[2]); err != nil {
			return nil, nil, err
		}
		if x.vars.Kind != types.JSONObject {
			return nil, nil, pgerr.New(pgerr.InvalidParameterValue, "\"vars\" argument is not an object").
				WithDetail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.")
		}
		x.silent = a[3].Bool()
	}
	x.quiet = x.silent
	return x, p, nil
}

// soft makes an error that silence suppresses.
func soft(err error) error { return &pathError{err} }

// pathError is an error of the document, not of the query: silence and predicates swallow it.
type pathError struct{ error }

func (e *pathError) Unwrap() error { return e.error }

// run executes the path. failed tells of an error that was swallowed; what was found before it stands.
func (x *pathExec) run(p *types.JSONPath, found *[]types.JSON) (ok, failed bool, err error) {
	ok, err = x.item(p.Root, x.root, found, x.lax)
	var e *pathError
	if errors.As(err, &e) {
		if x.silent {
			return ok, true, nil
		}
		return false, false, e.error
	}
	return ok, false, err
}

func pathItems(a []types.Value) ([]types.JSON, error) {
	x, p, err := pathArgs(a)
	if err != nil {
		return nil, err
	}
	found := []types.JSON{}
	_, _, err = x.run(p, &found)
	return found, err
}

func pathQuery(_ *Call, a []types.Value) (RowIter, error) {
	found, err := pathItems(a)
	it := &values{}
	for _, j := range found {
		it.vs = append(it.vs, j.Value())
	}
	return it, err
}

// pathExists asks for any item. In strict mode all are looked at, since an error may come later.
func pathExists(_ *Call, a []types.Value) (types.Value, error) {
	x, p, err := pathArgs(a)
	if err != nil {
		return null, err
	}
	var found *[]types.JSON
	if !x.lax {
		found = new([]types.JSON)
	}
	ok, failed, err := x.run(p, found)
	if err != nil || failed {
		return null, err
	}
	return types.BoolValue(ok || found != nil && len(*found) > 0), nil
}

func pathMatch(_ *Call, a []types.Value) (types.Value, error) {
	x, p, err := pathArgs(a)
	if err != nil {
		return null, err
	}
	var found []types.JSON
	if _, _, err := x.run(p, &found); err != nil {
		return null, err
	}
	if len(found) == 1 {
		switch found[0].Kind {
		case types.JSONBool:
			return types.BoolValue(found[0].True), nil
		case types.JSONNull:
			return null, nil
		}
	}
	if x.silent {
		return null, nil
	}
	return null, pgerr.New(pgerr.SingletonSqlJsonItemRequired, "single boolean result is expected")
}

// pathRegexFlags turns like_regex's flags into those of regular expressions; a quoted pattern knows case only.
func pathRegexFlags(flags string) reFlags {
	has := func(c string) bool { return strings.Contains(flags, c) }
	if has("q") {
		return reFlags{fold: has("i"), quote: true}
	}
	return reFlags{fold: has("i"), newlineSet: !has("s"), newlineEnd: has("m")}
}
