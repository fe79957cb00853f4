/** Judging a forecaster on the past of a series. */
@NullMarked
package dev.shadow.forecast.evaluate;

import org.jspecify.annotations.NullMarked;
