/** Splitting a series into trend, seasons and remainder. */
@NullMarked
package dev.shadow.forecast.decomposition;

import org.jspecify.annotations.NullMarked;
