/** Each asks `sluice __complete` with the words up to the cursor; an answer is a word, a tab and what it is. */
export const scripts = {
  bash: `# For this shell: source <(sluice completion bash)
_sluice() {
  local line word
  COMPREPLY=()
  while IFS= read -r line; do
    printf -v word %q "\${line%%$'\\t'*}"
    COMPREPLY+=("$word")
  done < <(sluice __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _sluice sluice
`,

  zsh: `#compdef sluice
# For this shell: source <(sluice completion zsh)
_sluice() {
  local -a candidates
  candidates=("\${(@f)$(sluice __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( \${#candidates} == 0 )); then
    _files
    return
  fi
  candidates=("\${(@)candidates//:/\\:}")
  candidates=("\${(@)candidates/$'\\t'/:}")
  _describe sluice candidates
}
compdef _sluice sluice
# As a file in fpath, all of this is the function's first call.
if [[ "\${funcstack[1]}" == _sluice ]]; then _sluice; fi
`,

  fish: `# For this shell: sluice completion fish | source
complete -c sluice -f -a '(sluice __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
complete -c sluice -l config -r -F
complete -c sluice -l token-file -r -F
complete -c sluice -l ca-file -r -F
complete -c sluice -n '__fish_seen_subcommand_from apply' -s f -l file -r -F
complete -c sluice -n '__fish_seen_subcommand_from enrol' -s o -l out -r -F
`,
} as const;
