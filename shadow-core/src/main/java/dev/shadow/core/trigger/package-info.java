/** When shadows are wanted: measured thresholds and forecasts. */
@NullMarked
package dev.shadow.core.trigger;

import org.jspecify.annotations.NullMarked;
