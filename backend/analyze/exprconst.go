package analyze

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// constant gives a literal its type: integers by size, other numbers numeric, strings unknown until their use decides.
func (a *Analyzer) constant(n *parse.A_Const) (Expr, error) {
	const consumed = parse.Has_A_Const_Ival | parse.Has_A_Const_Fval | parse.Has_A_Const_Boolval | parse.Has_A_Const_Sval |
		parse.Has_A_Const_Bsval | parse.Has_A_Const_Isnull | parse.Has_A_Const_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	c := &Const{Info: Info{Typ: typeUnknown, Mod: -1, Loc: n.Location}}
	switch {
	case n.Isnull:
	case n.Ival != nil:
		c.Typ, c.Value = typeInt4, types.IntValue(int64(n.Ival.Ival))
	case n.Fval != nil:
		return a.number(c, n.Fval.Fval)
	case n.Boolval != nil:
		c.Typ, c.Value = typeBool, types.BoolValue(n.Boolval.Boolval)
	case n.Sval != nil:
		c.Value = types.StringValue(n.Sval.Sval)
	case n.Bsval != nil:
		v, err := a.input(n.Bsval.Bsval, typeBit, -1, n.Location)
		if err != nil {
			return nil, err
		}
		c.Typ, c.Value = typeBit, v
	}
	return c, nil
}

// number types a numeric literal that is no plain int4: bigint where it is an integer that fits, else numeric.
func (a *Analyzer) number(c *Const, s string) (Expr, error) {
	s = strings.ReplaceAll(s, "_", "")
	if len(s) > 2 && s[0] == '0' && strings.ContainsRune("xXoObB", rune(s[1])) {
		i, ok := new(big.Int).SetString(s, 0)
		if !ok {
			return nil, pgerr.New(pgerr.SyntaxError, "invalid integer literal \"%s\"", s).At(c.Loc)
		}
		s = i.String()
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		c.Typ, c.Value = typeInt8, types.IntValue(i)
		if i >= math.MinInt32 && i <= math.MaxInt32 {
			c.Typ = typeInt4
		}
		return c, nil
	}
	v, err := a.input(s, typeNumeric, -1, c.Loc)
	if err != nil {
		return nil, err
	}
	c.Typ, c.Value = typeNumeric, v
	return c, nil
}

// param is $n: of the type the client gave, or open until its use decides.
func (a *Analyzer) param(n *parse.ParamRef) (Expr, error) {
	if err := only(n, parse.Has_ParamRef_Number|parse.Has_ParamRef_Location, n.Location); err != nil {
		return nil, err
	}
	if !a.Params || n.Number <= 0 || n.Number > math.MaxUint16 {
		return nil, pgerr.New(pgerr.UndefinedParameter, "there is no parameter $%d", n.Number).At(n.Location)
	}
	for len(a.ParamTypes) < int(n.Number) {
		a.ParamTypes = append(a.ParamTypes, 0)
	}
	t := a.paramType(int(n.Number))
	p := &Param{Info: Info{Typ: t, Mod: -1, Coll: a.collationOf(t), Loc: n.Location}, N: int(n.Number)}
	a.paramNodes = append(a.paramNodes, p)
	return a.domainParam(p), nil
}

// isNullConst tells whether n is the word NULL.
func isNullConst(n parse.Node) bool {
	c, ok := n.(*parse.A_Const)
	return ok && c.Isnull
}

// boolConst makes true or false.
func boolConst(b bool, loc int32) *Const {
	return &Const{Info: Info{Typ: typeBool, Mod: -1, Loc: loc}, Value: types.BoolValue(b)}
}
