package dev.shadow.examples.forecast;

/** Text for HTML and SVG. */
final class Markup {
    private static final int LAST_CONTROL = 0x1f;

    private Markup() {}

    /** The text with what has a meaning in XML replaced, and what XML forbids shown as {@code U+FFFD}. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int c) {
        boolean control = c <= LAST_CONTROL && c != '\t' && c != '\n' && c != '\r';
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !surrogate && c != 0xfffe && c != 0xffff;
    }
}
