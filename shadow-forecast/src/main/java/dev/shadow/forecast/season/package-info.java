/** Finding the season of a series. */
@NullMarked
package dev.shadow.forecast.season;

import org.jspecify.annotations.NullMarked;
