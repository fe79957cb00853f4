/** Linear regressions of the value some steps ahead on what is known now. */
@NullMarked
package dev.shadow.forecast.regression;

import org.jspecify.annotations.NullMarked;
