package dev.shadow.forecast.evaluate;

import java.util.OptionalDouble;

/**
 * How an interval between two quantiles did whose levels add up to 1.
 *
 * @param nominal the share of outcomes that it should hold, such as 0.8 for the quantiles at 0.1 and 0.9
 * @param coverage the share of outcomes that it held, both ends included
 * @param msis mean scaled interval score (Gneiting and Raftery, Journal of the American Statistical Association 102,
 *     2007, scaled as in the M4 competition); low is better; absent where no forecast has a scale
 */
public record IntervalAccuracy(double nominal, double coverage, OptionalDouble msis) {}
