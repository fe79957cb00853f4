package dev.shadow.forecast.failure;

/**
 * A signal's share in a risk.
 *
 * @param signal name of the signal
 * @param value its value, {@code NaN} if missing or text
 * @param logOdds what it added to the logarithm of the odds, compared with the average unit; negative lowers the risk
 * @param text the same for a person
 */
public record Reason(String signal, double value, double logOdds, String text) {}
