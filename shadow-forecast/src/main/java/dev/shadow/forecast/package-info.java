/** Ready-made methods of forecasting. */
@NullMarked
package dev.shadow.forecast;

import org.jspecify.annotations.NullMarked;
