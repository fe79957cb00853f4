/** What fitting, updating and forecasting cost. */
@NullMarked
package dev.shadow.benchmarks.forecast;

import org.jspecify.annotations.NullMarked;
