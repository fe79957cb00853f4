package dev.shadow.forecast.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HealthCsvTest {
    private static final HealthCsv CSV = HealthCsv.of("fails", Set.of("make"));

    private static HealthTable labelled(String text) throws IOException {
        return CSV.readLabelled("x.csv", new BufferedReader(new StringReader(text)));
    }

    @Test
    void readsNumbersTextsAndLabels() throws IOException {
        HealthTable table =
                labelled("age_h,unit,make,errors,fails\n720,a,m,,0\r\n1440,a,m,2.5,1\n720,b,n,1e3,mitigated");
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.numberNames()).containsExactly("errors");
        assertThat(table.textNames()).containsExactly("make");
        assertThat(table.number(0, 0)).isNaN();
        assertThat(table.number(1, 0)).isEqualTo(2.5);
        assertThat(table.text(2, 0)).isEqualTo("n");
        assertThat(table.unit(2)).isEqualTo("b");
        assertThat(table.ageHours(1)).isEqualTo(1440);
        assertThat(table.outcome(0)).isEqualTo(Outcome.HEALTHY);
        assertThat(table.outcome(1)).isEqualTo(Outcome.FAILED);
        assertThat(table.outcome(2)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void passesOverALabelWhereNoneIsAskedFor() throws IOException {
        String text = "unit,age_h,fails\na,720,whatever\n";
        HealthTable table = CSV.readUnlabelled("x.csv", new BufferedReader(new StringReader(text)));
        assertThat(table.outcome(0)).isEqualTo(Outcome.UNKNOWN);
        assertThat(table.numberNames()).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                | x.csv must start with a header line, was empty
                    unit,age_h,fails                                  | x.csv must have at least one row, was a header alone
                    unit,errors,fails;a,1,0                           | x.csv, line 1 must name a column age_h, was 'unit,errors,fails'
                    unit,age_h,errors;a,1,0                           | x.csv, line 1 must name a column fails, was 'unit,age_h,errors'
                    unit,age_h,e,e,fails;a,1,0,0,0                    | x.csv, line 1 must name each column once, was 'e' twice
                    unit,age_h,errors,fails;a,1,2,0;a,2,two,0         | x.csv, line 3, column errors must be a finite number, was 'two'
                    unit,age_h,errors,fails;a,1,NaN,0                 | x.csv, line 2, column errors must be a finite number, was 'NaN'
                    unit,age_h,errors,fails;a,1,1e999,0               | x.csv, line 2, column errors must be a finite number, was '1e999'
                    unit,age_h,errors,fails;a,-1,2,0                  | x.csv, line 2, column age_h must be finite and not negative, was -1.0
                    unit,age_h,errors,fails;a,,2,0                    | x.csv, line 2, column age_h must be a finite number, was ''
                    unit,age_h,errors,fails;,1,2,0                    | x.csv, line 2, column unit must not be empty, was ''
                    unit,age_h,errors,fails;a,1,2,yes                 | x.csv, line 2, column fails must be 0, 1, mitigated or unknown, was 'yes'
                    unit,age_h,errors,fails;a,1,2                     | x.csv, line 2 must have 4 columns like the header, was 3 columns
                    unit,age_h,errors,fails;a,1,2,0;;                 | x.csv, line 3 must have 4 columns like the header, was 1 columns
                    unit,age_h,errors,fails;a,1,2,0;a,1,3,0           | x.csv, line 3, column unit must appear once at age 1.0, was a
                    """)
    void saysWhereWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> labelled(text.replace(';', '\n')))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @Test
    void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
        String text = "unit,age_h,fails\n" + "x".repeat(HealthCsv.LONGEST_LINE + 1);
        assertThatThrownBy(() -> labelled(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("x.csv, line 2 must have at most 100000 characters, was 'xxx");
    }
}
