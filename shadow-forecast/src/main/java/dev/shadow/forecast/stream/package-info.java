/** Forecasting series that arrive value by value, at a cost that does not grow with what has been seen. */
@NullMarked
package dev.shadow.forecast.stream;

import org.jspecify.annotations.NullMarked;
