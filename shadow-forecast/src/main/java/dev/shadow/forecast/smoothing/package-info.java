/** Exponential smoothing with errors measured at every distance. */
@NullMarked
package dev.shadow.forecast.smoothing;

import org.jspecify.annotations.NullMarked;
