/** Methods that look at the same series, and their blend. */
@NullMarked
package dev.shadow.forecast.ensemble;

import org.jspecify.annotations.NullMarked;
