package session

import (
	"math"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// allRows is FETCH ALL's count in the grammar.
const allRows = math.MaxInt64

// seek moves a cursor as FETCH says and gives the rows met on the way. A cursor's place is the number of the row it stands on, 0
// before the first; ended tells that it stands after the last. Moving back over a row needs SCROLL, or a plan that can run backwards, which
// the spool makes of every one: only NO SCROLL refuses.
func (s *session) seek(p *portal, dir parse.FetchDirection, howMany int64) ([]int64, error) {
	switch dir {
	case parse.FetchDirection_FETCH_BACKWARD:
		if howMany == allRows || howMany > 0 {
			return s.backward(p, howMany)
		}
		if howMany == 0 {
			return s.again(p)
		}
		return s.forward(p, negate(howMany))
	case parse.FetchDirection_FETCH_ABSOLUTE:
		return s.absolute(p, howMany)
	case parse.FetchDirection_FETCH_RELATIVE:
		return s.relative(p, howMany)
	}
	if howMany < 0 {
		return s.backward(p, negate(howMany))
	}
	if howMany == 0 {
		return s.again(p)
	}
	return s.forward(p, howMany)
}

func negate(n int64) int64 {
	if n == math.MinInt64 {
		return math.MaxInt64
	}
	return -n
}

// here is the place as a count of rows passed, where after the last row is one more than there are.
func (p *portal) here() int64 {
	if p.ended {
		return p.spool.len() + 1
	}
	return p.pos
}

func (s *session) forward(p *portal, n int64) ([]int64, error) {
	if p.ended {
		return nil, nil
	}
	upto := int64(-1)
	if n < allRows-p.pos {
		upto = p.pos + n
	}
	if err := s.fill(p, upto); err != nil {
		return nil, err
	}
	end := p.spool.len()
	if upto >= 0 && upto < end {
		end = upto
	}
	rows := span(p.pos, end)
	if upto < 0 || upto > p.spool.len() {
		p.ended = true
	}
	p.pos = end
	return rows, nil
}

func span(from, to int64) []int64 {
	rows := make([]int64, 0, max(0, to-from))
	for i := from; i < to; i++ {
		rows = append(rows, i)
	}
	return rows
}

func (p *portal) mayScroll() error {
	if p.noScroll {
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cursor can only scan forward").WithHint("Declare it with SCROLL option to enable backward scan.")
	}
	return nil
}

func (s *session) backward(p *portal, n int64) ([]int64, error) {
	if err := p.mayScroll(); err != nil {
		return nil, err
	}
	from := p.here() - 1 // rows before the one it stands on
	if from < 0 {
		from = 0
	}
	to := int64(0)
	if n < from {
		to = from - n
	}
	rows := make([]int64, 0, from-to)
	for i := from - 1; i >= to; i-- {
		rows = append(rows, i)
	}
	if int64(len(rows)) < n {
		p.pos = 0
	} else {
		p.pos = to + 1
	}
	p.ended = false
	return rows, nil
}

// again gives the row the cursor stands on.
func (s *session) again(p *portal) ([]int64, error) {
	if p.ended || p.pos == 0 {
		return nil, nil
	}
	return []int64{p.pos - 1}, nil
}

// absolute goes to row n, counted from the end where n is negative.
func (s *session) absolute(p *portal, n int64) ([]int64, error) {
	target := n
	if n < 0 {
		if err := s.fill(p, -1); err != nil {
			return nil, err
		}
		target = max(0, p.spool.len()+1+n)
	}
	if target < p.here() {
		if err := p.mayScroll(); err != nil {
			return nil, err
		}
	}
	return s.stand(p, target)
}

// relative goes n rows on, or back.
func (s *session) relative(p *portal, n int64) ([]int64, error) {
	if n == 0 {
		return s.again(p)
	}
	if n < 0 {
		if err := p.mayScroll(); err != nil {
			return nil, err
		}
	}
	target := p.here() + n
	if n > 0 && target < 0 {
		target = math.MaxInt64
	}
	return s.stand(p, max(0, target))
}

// stand puts the cursor on a row and gives it, or nothing before the first and after the last.
func (s *session) stand(p *portal, target int64) ([]int64, error) {
	if err := s.fill(p, target); err != nil {
		return nil, err
	}
	switch {
	case target == 0:
		p.pos, p.ended = 0, false
		return nil, nil
	case target > p.spool.len():
		p.pos, p.ended = p.spool.len(), true
		return nil, nil
	}
	p.pos, p.ended = target, false
	return []int64{target - 1}, nil
}
