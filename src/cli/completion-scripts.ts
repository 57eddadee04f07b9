/** What a shell offers in the place of a value. */
export interface Values {
  readonly words: readonly string[];
  readonly paths: 'none' | 'folders' | 'files';
}

export interface CompletedOption {
  /** `--out`, `-o`. */
  readonly names: readonly string[];
  readonly description: string;
  /** null where it takes none. */
  readonly values: Values | null;
}

export interface CompletedArgument {
  readonly name: string;
  /** Whether it may be repeated. */
  readonly variadic: boolean;
  readonly values: Values;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly CompletedArgument[];
}

type Commands = readonly CompletedCommand[];

/** In bash. An option and its value may be joined by =, which bash takes for a word of its own. */
export function bashCompletion(commands: Commands): string {
  const options = commands.map(
    ({ name, options: own }) => `    ${name}) echo ${quoted(own.flatMap(({ names }) => names).join(' '))} ;;`,
  );
  return `_collapse_values() {  # of an option, or of an argument by its place
  case "$1 $2" in
${bashCases(commands).join('\n')}
    *) return 1 ;;
  esac
}

_collapse_options() {
  case "$1" in
${options.join('\n')}
  esac
}

_collapse() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= place=0 i word found
  if [[ $cur == = || $prev == = ]]; then
    if [[ $cur == = ]]; then cur=; else prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
    [[ $prev == -* ]] || return 0
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -z $command ]]; then
      [[ $word == -* ]] || command=$word
    elif [[ $word == -* ]]; then
      if _collapse_values "$command" "$word" > /dev/null; then
        [[ \${COMP_WORDS[i+1]} == = ]] && ((i++))
        ((i++))
      fi
    elif [[ $word == = ]]; then ((i++))
    else ((place++)); fi
  done
  COMPREPLY=()
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$cur"))
    return
  fi
  if [[ $prev == -* ]] && found=$(_collapse_values "$command" "$prev"); then :
  elif [[ $cur == -* ]]; then found="none $(_collapse_options "$command")"
  else found=$(_collapse_values "$command" $place) || found=$(_collapse_values "$command" rest) || return 0; fi
  COMPREPLY=($(compgen -W "\${found#* }" -- "$cur"))
  local IFS=$'\\n'
  case \${found%% *} in
    folders) compopt -o filenames; COMPREPLY+=($(compgen -d -- "$cur")) ;;
    files) compopt -o filenames; COMPREPLY+=($(compgen -f -- "$cur")) ;;
  esac
  [[ \${#COMPREPLY[@]} -eq 1 && $COMPREPLY == *= ]] && compopt -o nospace
  return 0
}

complete -F _collapse collapse
`;
}

/** What is offered after an option, for an argument and for all further ones: what of the disk, then words. */
function bashCases(commands: Commands): readonly string[] {
  const places = new Map<string, string[]>();
  const add = (values: Values, place: string) => {
    const key = `${values.paths} ${values.words.join(' ')}`;
    places.set(key, [...(places.get(key) ?? []), quoted(place)]);
  };
  for (const { name, options, arguments: list } of commands) {
    for (const { names, values } of options) if (values) for (const one of names) add(values, `${name} ${one}`);
    for (const [place, { values, variadic }] of list.entries()) add(values, `${name} ${variadic ? 'rest' : place}`);
  }
  return [...places].map(([values, own]) => `    ${own.join('|')}) echo ${quoted(values)} ;;`);
}

/** In zsh, by \`_arguments\`. */
export function zshCompletion(commands: Commands): string {
  const names = commands.map(({ name, description }) => `    ${quoted(`${name}:${phrase(description)}`)}`);
  const cases = commands.map(({ name, options, arguments: list }) => {
    const specs = [...options.flatMap(zshOption), ...list.map(zshArgument)].map((spec) => `        ${spec}`);
    return `      ${name})\n        _arguments -S \\\n${specs.join(' \\\n')}\n        ;;`;
  });
  return `_collapse() {
  local curcontext=$curcontext state line
  local -a commands=(
${names.join('\n')}
  )
  _arguments -C '(- *)--version[the version]' '(- *)--help[the commands]' '1:command:->command' '*::argument:->rest' && return
  case $state in
    command) _describe command commands ;;
    rest) case $words[1] in
${cases.join('\n')}
    esac ;;
  esac
}

compdef _collapse collapse
`;
}

function zshOption({ names, description, values }: CompletedOption): readonly string[] {
  const text = `[${phrase(description).replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  return names.map((name) => {
    if (!values) return quoted(`${name}${text}`);
    return quoted(`*${name}${name.startsWith('--') ? '=' : '+'}${text}:value:${zshValues(values)}`);
  });
}

function zshArgument({ name, variadic, values }: CompletedArgument): string {
  return quoted(`${variadic ? '*' : ''}:${name}:${zshValues(values)}`);
}

/** An action. Words that end in = are gone on with. */
function zshValues({ words, paths }: Values): string {
  const offers =
    words.length === 0
      ? []
      : [`compadd ${words.some((word) => word.endsWith('=')) ? '-S "" ' : ''}-- ${words.join(' ')}`];
  if (paths !== 'none') offers.push(paths === 'folders' ? '_files -/' : '_files');
  return offers.length === 0 ? ' ' : `{${offers.join('; ')}}`;
}

/** In fish. */
export function fishCompletion(commands: Commands): string {
  const lines = [
    'complete -c collapse -f',
    'complete -c collapse -n __fish_use_subcommand -l version -s V -d "the version"',
  ];
  for (const { name, description } of commands)
    lines.push(`complete -c collapse -n __fish_use_subcommand -a ${name} -d ${fishQuoted(phrase(description))}`);
  for (const { name, options, arguments: list } of commands) {
    const head = `complete -c collapse -n "__fish_seen_subcommand_from ${name}"`;
    for (const { names, description, values } of options) {
      const flags = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`)).join(' ');
      lines.push(
        `${head} ${flags} -d ${fishQuoted(phrase(description))}${values ? fishValues(values, '-x', '-r') : ''}`,
      );
    }
    for (const { values } of list)
      if (values.words.length > 0 || values.paths !== 'none') lines.push(`${head}${fishValues(values, '', '')}`);
  }
  return `${[...new Set(lines)].join('\n')}\n`;
}

function fishValues({ words, paths }: Values, exclusive: string, required: string): string {
  const listed = [...words, ...(paths === 'folders' ? ['(__fish_complete_directories)'] : [])].join(' ');
  const offers = listed === '' ? '' : ` -a ${fishQuoted(listed)}`;
  const mode = paths === 'files' ? `${required} -F` : exclusive;
  return `${mode === '' ? '' : ` ${mode.trim()}`}${offers}`;
}

/** What stands before the first further clause. */
const phrase = (description: string): string => description.split(/[;:]/)[0]!.trim();

/** One word of bash and zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
