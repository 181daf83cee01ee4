\\ The exact series of type II in PARI/GP: Newton's method with doubling of precision
\\ on series in t over Q(P), P standing for pi.
\\
\\ A number is a jet [value, derivatives ...]: vectors of length 1 give the equations,
\\ vectors of length 6 the equations and their Jacobian, from the same text.

t; P;  \\ t is the main variable

jmul(u, v) = { my(w = u[1] * v); for (i = 2, #w, w[i] += u[i] * v[1]); w };
jsqr(u) = { my(w = 2 * u[1] * u); w[1] = sqr(u[1]); w };
jdiv(u, v) = { my(w = u / v[1]); for (i = 2, #w, w[i] -= w[1] * v[i] / v[1]); w };

\\ The root that is positive for small t > 0 at P = pi.
root(x) =
{ my(v = valuation(x, t), lead = polcoef(x, v), r);
  if (v % 2 || !issquare(lead, &r), error("no root in Q(P)((t))"));
  if (subst(r, P, Pi) < 0, r = -r);
  r * t^(v \ 2) * sqrt(x / (lead * t^v));
};
jroot(u) = { my(r = root(u[1]), w = u / (2 * r)); w[1] = r; w };

\\ The angle with sine s / sqrt(s^2 + c^2); its limit is 0, pi/2 or pi.
angle(s, c) =
{ my(vs = valuation(s, t), vc = valuation(c, t));
  if (vc > vs, return (P / 2 - atan(c / s)));
  if (vc == vs, error("the angle leaves Q(P)"));
  atan(s / c) + if (subst(polcoef(c, vc), P, Pi) < 0, P, 0);
};
jangle(s, c, r2) =
{ my(w = (c[1] * s - s[1] * c) / r2[1]); w[1] = angle(s[1], c[1]); w };

\\ The entries of 2 pi times the gradient at x = (a_1, m_1_2, m_2_1, a_2, o_2).
gradient(x) =
{ my([a, m, l, d, o] = x, n = t^-2 - 1, one = 0 * a);
  one[1] = 1;
  my(aa = jsqr(a), mm = jsqr(m), ll = jsqr(l), dd = jsqr(d), oo = jsqr(o), lm = jmul(l, m),
    mo = jmul(m, o), md = jmul(m, d), od = jmul(o, d), lo = jmul(l, o), ld = jmul(l, d));
  my(A = aa + n * mm, B = ll + dd + (n - 1) * oo);
  \\ inner products and squares of sines by Lagrange's identity
  my(pairs = [
    [A, B, jmul(a, l) + md + (n - 1) * mo,
     jsqr(jmul(a, d) - lm) + (n - 1) * (jsqr(jmul(a, o) - lm) + jsqr(mo - md))],
    [B, B, ll + 2 * od + (n - 2) * oo,
     2 * jsqr(lo - ld) + jsqr(dd - oo) + 2 * (n - 2) * jsqr(od - oo)],
    [A, one, a, n * mm],
    [A, one, m, aa + (n - 1) * mm],
    [B, one, l, dd + (n - 1) * oo],
    [B, one, d, ll + (n - 1) * oo],
    [B, one, o, ll + dd + (n - 2) * oo]]);
  my(s = vector(7), f = vector(7));
  for (i = 1, 7,
    my([u, v, c, s2] = pairs[i]);
    s[i] = jroot(s2);
    f[i] = P * one - jangle(s[i], c, jmul(u, v)));
  my(ra = jdiv(n * s[1] - s[3] - n * s[4], A) + P * one,
     rb = jdiv(s[1] + (n - 1) * s[2] - s[5] - s[6] - (n - 1) * s[7], B) + P * one);
  [jmul(ra, a) + n * jmul(f[1], l) - f[3],
   jmul(ra, m) + jmul(f[1], d + (n - 1) * o) - f[4],
   jmul(rb, l) + jmul(f[1], a) + (n - 1) * jmul(f[2], l) - f[5],
   jmul(rb, d) + jmul(f[1], m) + (n - 1) * jmul(f[2], o) - f[6],
   jmul(rb, o) + jmul(f[1], m) + jmul(f[2], d + (n - 2) * o) - f[7]];
};

\\ Solve J e = F; the pivot is an entry of least valuation.
solve_series(J, F) =
{ my(n = #F, M = matconcat([J, F~]), cols = [1 .. n], e = vector(n), best, where);
  for (step = 1, n,
    best = oo;
    for (i = step, n, for (j = step, n,
      my(v = valuation(M[i, cols[j]], t));
      if (v < best && M[i, cols[j]] != 0, best = v; where = [i, j])));
    my([i, j] = where);
    if (i != step, my(row = M[step, ]); M[step, ] = M[i, ]; M[i, ] = row);
    my(col = cols[step]); cols[step] = cols[j]; cols[j] = col;
    for (i = step + 1, n,
      my(q = M[i, cols[step]] / M[step, cols[step]]);
      for (j = step + 1, n, M[i, cols[j]] -= q * M[step, cols[j]]);
      M[i, n + 1] -= q * M[step, n + 1]));
  forstep (step = n, 1, -1,
    my(value = M[step, n + 1]);
    for (j = step + 1, n, value -= M[step, cols[j]] * e[cols[j]]);
    e[cols[step]] = value / M[step, cols[step]]);
  e;
};

\\ Newton's method from the leading terms: each step doubles the number of terms.
\\ Returns the parameters, known to `beyond` orders from their first terms on.
type_ii(beyond) =
{ my(first = [2, 2, 2, 4, 4], goals = List([beyond]), gain = 1, x, F, jets, J, e);
  x = [-1 + (2 + 8/P + 8/P^2)*t^2, 4/P*t^2, 2*t^2, 1 + 8/P*t^4, -4/P*t^4];
  while (goals[1] > 2, listinsert(goals, (goals[1] + 1) \ 2, 1));
  for (i = 1, #goals,
    F = [u[1] | u <- gradient([[y + O(t^(goals[i] + 4))] | y <- x])];
    jets = vector(5, j,
      concat(x[j] + O(t^(goals[i] - gain + 4)), vector(5, k, k == j)));
    J = matconcat([u[2..6] | u <- gradient(jets)]~);
    e = solve_series(J, F);
    gain = goals[i];
    for (j = 1, 5,
      if (serprec(e[j], t) < first[j] + gain, error("precision lost"));
      x[j] = truncate(x[j] - e[j] + O(t^(first[j] + gain)))));
  x;
};

\\ Print the milliseconds, then a line for each coefficient: the number of the parameter,
\\ the exponent of t, numerator and denominator as lists of coefficients of powers of P.
show_type_ii(beyond) =
{ my(start = gettime(), x = type_ii(beyond), c);
  print(gettime());
  for (j = 1, 5, for (n = 0, poldegree(x[j], t),
    c = polcoef(x[j], n, t);
    if (c != 0,
      print([j, n, Vecrev(numerator(c, P)), Vecrev(denominator(c, P))]))));
};
