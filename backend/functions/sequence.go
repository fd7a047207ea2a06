package functions

import (
	"pgd/backend/types"
)

// sequenceRows are the functions of the manual's "Sequence Manipulation Functions".
func sequenceRows() []Row {
	return []Row{
		{Sig: "nextval(regclass)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			n, err := c.Env.Sequences().Next(uint32(a[0].I))
			return types.IntValue(n), err
		}},
		{Sig: "currval(regclass)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			n, err := c.Env.Sequences().Current(uint32(a[0].I))
			return types.IntValue(n), err
		}},
		{Sig: "lastval()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			n, err := c.Env.Sequences().Last()
			return types.IntValue(n), err
		}},
		{Sig: "setval(regclass,bigint)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return a[1], c.Env.Sequences().Set(uint32(a[0].I), a[1].I, true)
		}},
		{Sig: "setval(regclass,bigint,boolean)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return a[1], c.Env.Sequences().Set(uint32(a[0].I), a[1].I, a[2].Bool())
		}},
	}
}
