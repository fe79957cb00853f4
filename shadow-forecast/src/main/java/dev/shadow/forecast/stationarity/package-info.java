/** Whether a series keeps its level and its season, and what to difference or transform if it does not. */
@NullMarked
package dev.shadow.forecast.stationarity;

import org.jspecify.annotations.NullMarked;
