/** Empirical distributions of errors and values, the ground of all quantiles. */
@NullMarked
package dev.shadow.forecast.conformal;

import org.jspecify.annotations.NullMarked;
