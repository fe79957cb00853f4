/** The {@code forecast} command: demand forecasts of whole files of series. */
@NullMarked
package dev.shadow.examples.forecast;

import org.jspecify.annotations.NullMarked;
